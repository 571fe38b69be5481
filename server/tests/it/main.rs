//! HTTP tests: the real router, on port 0, on each engine.

mod access;
mod app;
mod bounds;
mod browser;
mod browsers;
mod command;
mod connections;
mod credentials;
mod docs;
mod doctor;
mod doors;
mod embed;
mod history_file;
mod hostile;
mod house;
mod mail;
mod management;
mod pages;
mod probes;
mod readme;
mod secrets;
mod sessions;
mod tenancy;
mod tidy;
mod tokens;
mod well_known;
