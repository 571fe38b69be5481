//! Keys: vectors of others, what is no strong one, and the life of ours.

mod published;
mod rotation;
mod strength;
mod vectors;
