package report

import (
	"strings"

	"postroom/session/result"
)

// MarksTitle is the heading of the marks in a language. In English it is
// MarksColumn.
func MarksTitle(language string) string { return Text{En: MarksColumn, De: "Auffällig"}.In(language) }

// InLanguage gives an appender that puts the marks of the report's rows in a
// language beside those that files have: MarksColumn stays as it is, in English,
// and a column MarksTitle says the same to the person. In English it is the
// appender itself.
func (r Report) InLanguage(to result.Appender, language string) result.Appender {
	title := MarksTitle(language)
	if title == MarksColumn {
		return to
	}
	said := map[string]string{}
	add := func(marks []Mark) {
		for _, m := range marks {
			said[m.Text.En] = m.Text.In(language)
		}
	}
	add(r.Marks)
	for _, v := range r.Variants {
		add(v.Marks)
	}
	return &marksIn{Appender: to, title: []byte(title), said: said}
}

// marksIn adds the marks in a language.
type marksIn struct {
	result.Appender
	title []byte
	said  map[string]string
}

// Text adds a text, and the marks in the language behind those in English.
func (m *marksIn) Text(name, v []byte) {
	m.Appender.Text(name, v)
	if string(name) != MarksColumn {
		return
	}
	texts := strings.Split(string(v), marksBetween)
	for i, text := range texts {
		if in, ok := m.said[text]; ok {
			texts[i] = in
		}
	}
	m.Appender.Text(m.title, []byte(strings.Join(texts, marksBetween)))
}

// Null adds no value, for both.
func (m *marksIn) Null(name []byte) {
	m.Appender.Null(name)
	if string(name) == MarksColumn {
		m.Appender.Null(m.title)
	}
}

// marksBetween stands between the texts of a row's marks.
const marksBetween = "; "
