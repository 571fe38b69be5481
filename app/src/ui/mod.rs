//! Parts that know no domain: what every page is built from.
//!
//! Parts are plain components that the server renders. What needs the browser says so with a `data-` attribute, on which
//! `app/src/live` acts; so a part works before and without WebAssembly, which knows no part.
//!
//! Reading order: frames and headers; states; lists; forms; dialogs; secrets; small parts.

mod badge;
mod bar_chart;
mod button;
mod card;
mod choice;
mod code;
mod copy;
mod dialog;
mod field;
mod filter_bar;
mod form;
mod frame;
mod hints;
mod icon;
mod live;
mod loaded;
mod logo;
mod menu;
mod notice;
mod number;
mod page_header;
mod problem;
mod secret_panel;
mod state;
mod step_up;
mod steps;
mod table;
mod tabs;
#[cfg(test)]
mod tests;
mod theme;
mod timeline;
mod username;
mod when;

pub use badge::{Badge, Status, Tone};
pub use bar_chart::{Bar, BarChart, Series};
pub use button::{Button, IconButton, LinkButton, Size, Variant};
pub use card::{Card, Fact, Facts, Grid, Section, Stack, Stat};
pub use choice::{Checkbox, CheckboxGroup, Choice, RadioGroup, SelectField, Switch};
pub use code::{CodeBlock, CodeBlockProps, CodeTabs, Snippet};
pub use copy::{CopyButton, Id, shorten};
pub use dialog::{DangerDialog, Dialog, DialogActions, Reason};
pub use field::{Field, NumberField, PasswordField, TextArea, TextField};
pub use filter_bar::{ActiveFilter, FilterBar};
pub(crate) use form::FormContext;
pub use form::{Actions, Hidden, NeedsScripts, Only, ServerForm};
pub use frame::{AppFrame, AuthFrame, NavGroup, NavLink, TenantChoice, TenantSwitcher};
pub use hints::Hints;
pub use icon::{Glyph, Icon};
pub use live::Live;
pub use loaded::loaded;
pub use logo::{Logo, Wordmark};
pub use menu::{Menu, MenuLink, MenuSeparator};
pub use notice::Notice;
pub use number::{grouped, live_count};
pub use page_header::{Crumb, PageHeader};
pub use problem::{CONFIRM, ProblemBody, ProblemView, SIGN_IN};
pub use secret_panel::{Secrecy, SecretOnce};
pub use state::{EmptyState, NoMatch, NoPermission};
pub use step_up::StepUp;
pub(crate) use step_up::{StepUpForms, confirm_path};
pub use steps::{Step, StepList};
pub use table::{Cell, Column, Pager, Row, RowActions, RowLink, Table};
pub use tabs::{Tab, Tabs};
pub use theme::{Theme, ThemeSwitch};
pub use timeline::{Timeline, TimelineItem};
pub use username::Username;
pub use when::{Now, When, WhenProps};
