//! The one form on a page that has a given field: its address and its hidden fields. Enough for our own pages, no HTML parser.

/// A form as found.
#[derive(Debug, PartialEq, Eq)]
pub struct Form {
    /// Where it goes.
    pub action: String,
    /// Hidden fields.
    pub hidden: Vec<(String, String)>,
}

/// Finds the form with a field of this name.
pub fn find(html: &str, field: &str) -> Option<Form> {
    html.split("<form").skip(1).find_map(|rest| {
        let (tag, rest) = rest.split_once('>')?;
        let body = rest.split("</form>").next()?;
        let inputs: Vec<&str> = body
            .split("<input")
            .skip(1)
            .filter_map(|rest| rest.split('>').next())
            .collect();
        inputs
            .iter()
            .find(|input| attribute(input, "name").as_deref() == Some(field))?;
        let hidden = inputs
            .iter()
            .filter(|input| attribute(input, "type").as_deref() == Some("hidden"));
        let hidden = hidden.filter_map(|input| {
            Some((
                attribute(input, "name")?,
                attribute(input, "value").unwrap_or_default(),
            ))
        });
        Some(Form {
            action: attribute(tag, "action")?,
            hidden: hidden.collect(),
        })
    })
}

fn attribute(tag: &str, name: &str) -> Option<String> {
    let start = tag
        .find(&format!(" {name}=\""))
        .or_else(|| tag.find(&format!("\n{name}=\"")))?;
    let value = tag.get(start + name.len() + 3..)?.split('"').next()?;
    Some(
        value
            .replace("&quot;", "\"")
            .replace("&#x2f;", "/")
            .replace("&#x2F;", "/")
            .replace("&#x3d;", "=")
            .replace("&lt;", "<")
            .replace("&gt;", ">")
            .replace("&amp;", "&"),
    )
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]
    use super::*;

    #[test]
    fn the_form_with_the_field_is_found_with_its_hidden_fields() {
        let html = r#"<form method="post" action="/preferences"><input type="hidden" name="csrf" value="no"></form>
            <form class="stack" method="post" action="/login/1/identify?a=1&amp;b=2">
            <input type="hidden" name="csrf" value="a&quot;b"><input id="p" type="password" name="password"></form>"#;
        let form = find(html, "password").unwrap();
        assert_eq!(form.action, "/login/1/identify?a=1&b=2");
        assert_eq!(form.hidden, [("csrf".to_owned(), "a\"b".to_owned())]);
        assert_eq!(find(html, "code"), None);
    }
}
