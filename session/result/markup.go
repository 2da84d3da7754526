package result

import "unicode/utf8"

// markdown writes a table as GitHub and most ticket systems read it. A cell is one line:
// line breaks are <br>.
func (e *export) markdown() error {
	for _, line := range e.options.Cover {
		e.out.buffer = append(e.out.buffer, "- **"...)
		e.out.buffer = appendMarkdown(e.out.buffer, []byte(line.Label))
		e.out.buffer = append(e.out.buffer, ":** "...)
		e.out.buffer = append(appendMarkdown(e.out.buffer, []byte(line.Value)), '\n')
	}
	if len(e.options.Cover) > 0 {
		e.out.buffer = append(e.out.buffer, '\n')
	}
	for i := range e.view.cols {
		e.out.buffer = append(e.out.buffer, "| "...)
		e.out.buffer = append(appendMarkdown(e.out.buffer, []byte(e.view.Header(i))), ' ')
	}
	e.out.buffer = append(e.out.buffer, "|\n"...)
	for i := range e.view.cols {
		if e.view.Kind(i).alignsRight() {
			e.out.buffer = append(e.out.buffer, "| ---: "...)
		} else {
			e.out.buffer = append(e.out.buffer, "| --- "...)
		}
	}
	e.out.buffer = append(e.out.buffer, "|\n"...)
	var text []byte
	return e.eachRow(e.view, func(cells []cell) error {
		for _, c := range cells {
			text = e.values.form.append(text[:0], c)
			e.out.buffer = append(e.out.buffer, "| "...)
			e.out.buffer = append(appendMarkdown(e.out.buffer, text), ' ')
		}
		e.out.buffer = append(e.out.buffer, "|\n"...)
		return e.out.flushFull()
	})
}

// appendMarkdown writes a text so that nothing in it is taken for markup.
func appendMarkdown(dst, text []byte) []byte {
	for i := 0; i < len(text); {
		r, size := utf8.DecodeRune(text[i:])
		switch {
		case r == '\r' && i+1 < len(text) && text[i+1] == '\n': // the LF does it
		case r == '\n' || r == '\r':
			dst = append(dst, "<br>"...)
		case r == '<':
			dst = append(dst, "&lt;"...)
		case r == '>':
			dst = append(dst, "&gt;"...)
		case r == '&':
			dst = append(dst, "&amp;"...)
		case r < ' ' || r == 0x7F:
			dst = append(dst, ' ')
		case r == '\\' || r == '`' || r == '*' || r == '_' || r == '|' || r == '[' || r == ']' || r == '~':
			dst = append(dst, '\\', byte(r))
		default:
			dst = utf8.AppendRune(dst, r)
		}
		i += size
	}
	return dst
}

// A page that is a table, with nothing from elsewhere. The styles stand in the page,
// since mail programs take no others.
const (
	htmlBegin = `<!DOCTYPE html>
<html><head><meta charset="utf-8"><title>`
	htmlHead = `</title>
<style>table{border-collapse:collapse;font:13px sans-serif}th,td{border:1px solid #ccc;padding:3px 8px;text-align:left;vertical-align:top;white-space:pre-wrap}th{background:#f2f2f2}td.n{text-align:right}</style>
</head><body>
`
)

// html writes a page with a table.
func (e *export) html() error {
	title := e.view.Provenance().Title()
	e.out.buffer = append(e.out.buffer, htmlBegin...)
	e.out.buffer = appendHTML(e.out.buffer, []byte(title))
	e.out.buffer = append(e.out.buffer, htmlHead...)
	if len(e.options.Cover) > 0 {
		e.out.buffer = append(e.out.buffer, "<p>"...)
		for _, line := range e.options.Cover {
			e.out.buffer = append(e.out.buffer, "<b>"...)
			e.out.buffer = appendHTML(e.out.buffer, []byte(line.Label))
			e.out.buffer = append(e.out.buffer, ":</b> "...)
			e.out.buffer = append(appendHTML(e.out.buffer, []byte(line.Value)), "<br>\n"...)
		}
		e.out.buffer = append(e.out.buffer, "</p>\n"...)
	}
	e.out.buffer = append(e.out.buffer, "<table>\n<thead><tr>"...)
	cells := make([]string, len(e.view.cols))
	for i := range e.view.cols {
		cells[i] = "<td>"
		if e.view.Kind(i).alignsRight() {
			cells[i] = `<td class="n">`
		}
		e.out.buffer = append(e.out.buffer, "<th>"...)
		e.out.buffer = append(appendHTML(e.out.buffer, []byte(e.view.Header(i))), "</th>"...)
	}
	e.out.buffer = append(e.out.buffer, "</tr></thead>\n<tbody>\n"...)
	var text []byte
	err := e.eachRow(e.view, func(row []cell) error {
		e.out.buffer = append(e.out.buffer, "<tr>"...)
		for i, c := range row {
			text = e.values.form.append(text[:0], c)
			e.out.buffer = append(e.out.buffer, cells[i]...)
			e.out.buffer = append(appendHTML(e.out.buffer, text), "</td>"...)
		}
		e.out.buffer = append(e.out.buffer, "</tr>\n"...)
		return e.out.flushFull()
	})
	e.out.buffer = append(e.out.buffer, "</tbody>\n</table>\n</body></html>\n"...)
	return err
}

// appendHTML writes a text as HTML has it, controls as U+FFFD.
func appendHTML(dst, text []byte) []byte {
	for i := 0; i < len(text); {
		r, size := utf8.DecodeRune(text[i:])
		switch {
		case r == '&':
			dst = append(dst, "&amp;"...)
		case r == '<':
			dst = append(dst, "&lt;"...)
		case r == '>':
			dst = append(dst, "&gt;"...)
		case r == '"':
			dst = append(dst, "&quot;"...)
		case r == '\r':
			dst = append(dst, "&#13;"...)
		case r < ' ' && r != '\t' && r != '\n' || r >= 0x7F && r < 0xA0:
			dst = append(dst, "\uFFFD"...)
		default:
			dst = utf8.AppendRune(dst, r)
		}
		i += size
	}
	return dst
}
