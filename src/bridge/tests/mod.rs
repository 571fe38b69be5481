//! Bridge keys and exchange on a real database of each engine.

mod exchange;
mod keys;
mod tokens;
