//! Keys: vectors of others, and the life of ours.

mod vectors;
