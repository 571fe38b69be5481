//! Ids in a path.

use crate::error::{Failure, Result};
use axum::{
    extract::{FromRequestParts, Path as AxumPath},
    http::request::Parts,
};
use mintmark::{Code, Error};
use serde::de::DeserializeOwned;

/// The variables of the path as a `T`. What is no id of that kind is answered as an id that never was: 404.
#[derive(Debug)]
pub struct Path<T>(pub T);

impl<T: DeserializeOwned + Send, S: Send + Sync> FromRequestParts<S> for Path<T> {
    type Rejection = Failure;
    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self> {
        match AxumPath::from_request_parts(parts, state).await {
            Ok(AxumPath(value)) => Ok(Self(value)),
            Err(_) => Err(Error::new(Code::NotFound, "There is nothing under this id.").into()),
        }
    }
}
