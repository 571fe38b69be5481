//! Stacked bars, drawn on the server, with the same figures as a table.

use super::{Tone, grouped};
use leptos::prelude::*;

/// One kind of thing that is counted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Series {
    /// "Minted", "Refused".
    pub name: String,
    /// `Good` for what went well, `Danger` for refusals; each has a colour and, but for the first, a texture.
    pub tone: Tone,
}

/// One step of time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bar {
    /// "14:00"
    pub label: String,
    /// As many as there are series.
    pub values: Vec<u64>,
}

/// The drawing's inner size; it is stretched to its place.
const WIDTH: f64 = 960.0;
/// See [`WIDTH`].
const HEIGHT: f64 = 140.0;

/// Counts over time.
#[component]
pub fn BarChart(
    /// Unique in the page.
    #[prop(into)]
    id: String,
    /// What is counted, over which time: "Mints and refusals, last 24 hours".
    #[prop(into)]
    title: String,
    /// In the order in which they are stacked, the lowest first.
    #[prop(into)]
    series: Vec<Series>,
    /// Oldest first.
    bars: Vec<Bar>,
) -> impl IntoView {
    let most = bars.iter().map(|bar| bar.values.iter().sum::<u64>()).max().unwrap_or_default();
    let scale = nice(most);
    let total = |index: usize| bars.iter().filter_map(|bar| bar.values.get(index)).sum::<u64>();
    let legend = series
        .iter()
        .enumerate()
        .map(|(index, series)| {
            view! {
                <li class="chart__key" data-tone=series.tone.as_str()>
                    <svg class="chart__swatch" viewBox="0 0 10 10" width="10" height="10" aria-hidden="true" focusable="false">
                        <rect class="chart__bar" width="10" height="10" rx="2"></rect>
                        {(index > 0).then(|| view! { <path class="chart__texture" d="M-1 4L4 -1M-1 9L9 -1M2 11L11 2M7 11L11 7"></path> })}
                    </svg>
                    {series.name.clone()} <strong>{grouped(total(index))}</strong>
                </li>
            }
        })
        .collect_view();
    let texture = format!("{id}-texture");
    let drawn = drawing(&series, &bars, scale, &texture);
    let first = bars.first().map(|bar| bar.label.clone());
    let last = bars.last().map(|bar| bar.label.clone());
    view! {
        <figure class="chart">
            <figcaption class="chart__head">
                <span class="chart__title">{title.clone()}</span>
                <ul class="chart__legend" role="list">{legend}</ul>
            </figcaption>
            <div class="chart__plot">
                <span class="chart__max">{grouped(scale)}</span>
                <svg class="chart__drawing" viewBox=format!("0 0 {WIDTH} {HEIGHT}") preserveAspectRatio="none" role="img" aria-label=format!("{title}. The figures are in the table below.")>
                    <defs>
                        <pattern id=texture width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">
                            <rect class="chart__texture-line" width="2" height="6"></rect>
                        </pattern>
                    </defs>
                    <path class="chart__grid" vector-effect="non-scaling-stroke" d=format!("M0 .5H{WIDTH}M0 {}H{WIDTH}", HEIGHT / 2.0)></path>
                    {drawn}
                    <path class="chart__base" vector-effect="non-scaling-stroke" d=format!("M0 {HEIGHT}H{WIDTH}")></path>
                </svg>
            </div>
            <div class="chart__ends"><span>{first}</span><span>{last}</span></div>
            <Figures title series bars/>
        </figure>
    }
}

fn drawing(series: &[Series], bars: &[Bar], scale: u64, texture: &str) -> impl IntoView + use<> {
    let step = WIDTH / count(bars.len().max(1) as u64);
    let width = (step * 0.72).min(48.0);
    bars.iter()
        .enumerate()
        .map(|(index, bar)| {
            let x = step * count(index as u64) + (step - width) / 2.0;
            let mut y = HEIGHT;
            let parts = series
                .iter()
                .zip(&bar.values)
                .enumerate()
                .filter(|(_, (_, value))| **value > 0)
                .map(|(at, (series, value))| {
                    // A single refusal among thousands must still be seen.
                    let height = (HEIGHT * count(*value) / count(scale.max(1))).max(3.0);
                    y -= height;
                    let (x, y, width, height) = (round(x), round(y), round(width), round(height - 1.0));
                    view! {
                        <rect class="chart__bar" data-tone=series.tone.as_str() x=x.clone() y=y.clone() width=width.clone() height=height.clone()></rect>
                        {(at > 0).then(|| view! { <rect x=x y=y width=width height=height fill=format!("url(#{texture})")></rect> })}
                    }
                })
                .collect_view();
            let words = series.iter().zip(&bar.values).map(|(series, value)| format!("{value} {}", series.name.to_lowercase())).collect::<Vec<_>>();
            view! {
                <g class="chart__step">
                    <title>{format!("{}: {}", bar.label, words.join(", "))}</title>
                    <rect class="chart__hover" x=round(step * count(index as u64)) y="0" width=round(step) height=HEIGHT.to_string()></rect>
                    {parts}
                </g>
            }
        })
        .collect_view()
}

#[component]
fn Figures(title: String, series: Vec<Series>, bars: Vec<Bar>) -> impl IntoView {
    let name = title.clone();
    view! {
        <details class="chart__figures">
            <summary>"Show as a table"</summary>
            <div class="chart__scroll" tabindex="0" role="region" aria-label=name>
                <table class="figures">
                    <caption class="visually-hidden">{title}</caption>
                    <thead>
                        <tr>
                            <th scope="col">"Time"</th>
                            {series.into_iter().map(|series| view! { <th scope="col">{series.name}</th> }).collect_view()}
                        </tr>
                    </thead>
                    <tbody>
                        {bars.into_iter().map(|bar| view! {
                            <tr>
                                <th scope="row">{bar.label}</th>
                                {bar.values.into_iter().map(|value| view! { <td>{grouped(value)}</td> }).collect_view()}
                            </tr>
                        }).collect_view()}
                    </tbody>
                </table>
            </div>
        </details>
    }
}

/// The next of 1, 2, 3, 4, 5, 6, 8, 10, 20, 30 ... so that the scale can be read and the drawing is never half empty.
fn nice(most: u64) -> u64 {
    let mut unit = 1_u64;
    loop {
        for factor in [1, 2, 3, 4, 5, 6, 8] {
            let step = unit.saturating_mul(factor);
            if step >= most.max(4) || step == u64::MAX {
                return step;
            }
        }
        unit = unit.saturating_mul(10);
    }
}

#[expect(clippy::cast_precision_loss, reason = "a drawing needs no more than 52 bits")]
fn count(value: u64) -> f64 {
    value as f64
}

fn round(value: f64) -> String {
    format!("{value:.1}")
}

#[cfg(test)]
mod tests {
    use super::nice;

    #[test]
    fn scales_are_readable() {
        for (most, scale) in [(0, 4), (4, 4), (7, 8), (9, 10), (10, 10), (11, 20), (24, 30), (180, 200), (201, 300), (u64::MAX, u64::MAX)] {
            assert_eq!(nice(most), scale, "{most}");
        }
    }
}
