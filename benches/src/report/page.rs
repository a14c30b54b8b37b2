//! The page around the parts: title, contents, styles, script. One file, nothing fetched.

use super::document::Document;
use super::html::escape;
use super::palette;

const STYLE: &str = include_str!("style.css");
const SCRIPT: &str = include_str!("script.js");

/// The whole page.
pub fn html(title: &str, subtitle: &str, document: &Document) -> String {
    let title = escape(title);
    format!(
        "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<meta name=\"color-scheme\" content=\"light dark\">\n\
         <title>{title}</title>\n<style>\n{colours}{STYLE}</style>\n</head>\n<body>\n\
         <a class=\"skip\" href=\"#main\">Skip to the finding</a>\n\
         <header>\n<h1>{title}</h1>\n<p class=\"subtitle\">{subtitle}</p>\n\
         <button type=\"button\" id=\"theme\" hidden>Dark</button>\n</header>\n\
         <nav aria-label=\"Contents\">\n<ol>{contents}</ol>\n</nav>\n\
         <main id=\"main\" tabindex=\"-1\">\n{body}</main>\n\
         <p id=\"status\" class=\"unseen\" role=\"status\" aria-live=\"polite\"></p>\n<script>\n{SCRIPT}</script>\n</body>\n</html>\n",
        colours = colours(),
        contents = contents(document),
        body = document.body,
    )
}

/// Variables and classes of all colours. Dark follows the system unless the reader chose; paper is always light.
fn colours() -> String {
    let variables = |shade: fn(palette::Colour) -> &'static str| {
        palette::all()
            .map(|colour| format!("--{}:{};", colour.name, shade(colour)))
            .collect::<String>()
    };
    let (light, dark) = (
        variables(|colour| colour.light),
        variables(|colour| colour.dark),
    );
    let mut out = format!(
        ":root{{{light}}}\n\
         @media screen and (prefers-color-scheme:dark){{:root:not([data-theme=light]){{{dark}}}}}\n\
         @media screen{{:root[data-theme=dark]{{{dark}}}}}\n"
    );
    for colour in palette::all() {
        let name = colour.name;
        out += &format!(
            "svg .fill-{name}{{fill:var(--{name})}}svg .line-{name}{{stroke:var(--{name})}}\n"
        );
    }
    for colour in palette::FASTER.into_iter().chain(palette::SLOWER) {
        let name = colour.name;
        out += &format!(
            ".{name}{{background:var(--{name});color:var(--{})}}\n",
            palette::text_on(colour).name
        );
    }
    out
}

fn contents(document: &Document) -> String {
    let top = document
        .contents
        .iter()
        .map(|(level, _, _)| *level)
        .min()
        .unwrap_or(2);
    let link = |id: &str, title: &str| format!("<a href=\"#{id}\">{}</a>", escape(title));
    document
        .contents
        .iter()
        .map(|(level, id, title)| {
            let class = if *level > top { " class=\"inner\"" } else { "" };
            format!("<li{class}>{}</li>", link(id, title))
        })
        .collect()
}
