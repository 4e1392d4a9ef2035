//! Waves: steps of the rollout that operators open, list, edit, roll back and resume.

mod edit_refusals;
mod get_wave;
mod get_wave_report;
mod list_waves;
mod put_wave;
mod request_body;
mod responses;
mod resume_wave;
mod roll_back_wave;
mod wave_editor;
mod write_order;

pub(crate) use get_wave::get;
pub(crate) use get_wave_report::get as report;
pub(crate) use list_waves::list;
pub(crate) use put_wave::put;
pub(crate) use resume_wave::resume;
pub(crate) use roll_back_wave::rollback;
