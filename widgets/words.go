package widgets

import (
	"strconv"
	"strings"
	"time"

	"fyne.io/fyne/v2/lang"
)

// tr translates one of the texts listed by Texts. Pairs of name and value fill the places
// written {{.name}}.
func tr(text string, pairs ...string) string {
	if len(pairs) == 0 {
		return lang.L(text)
	}
	data := make(map[string]string, len(pairs)/2)
	for i := 0; i+1 < len(pairs); i += 2 {
		data[pairs[i]] = pairs[i+1]
	}
	return lang.L(text, data)
}

// Texts returns every text that the widgets show by themselves, as it must stand in a
// catalogue of translations. English is the key.
func Texts() []string {
	texts := []string{
		",", ".", "empty", "No rows", "Find: {{.text}}", "Find: {{.text}} - not found",
		"Run", "Stop", "Find a parameter", "More parameters ({{.count}})", "Fewer parameters",
		"required", "will be sent", "Fill in this field.", "This is usually required. Fill it in, or run again to send without it.", "This is not a number.", "This is not a date. Use 2026-12-31 or 2026-12-31 14:30.",
		"Known values range from {{.least}} to {{.greatest}}. You can still send this one; the server decides.", "{{.n}} characters; the known limit is {{.most}}. The server decides.", "{{.value}} is not a known value. The server decides.",
		"not set", "not sent", "on", "off", "as typed", "one per line", "No parameter matches.", "{{.field}} belongs to another parameter set: {{.set}}", "Calendar", "Local time",
		"Unlimited", "days", "hours", "minutes", "seconds", "{{.n}} B", "{{.n}} characters",
		"User name", "Password", "Pick", "Choose a file", "no file", "Add and remove", "Replace all", "Empty it", "Add", "Remove",
		"Builder", "Text", "all of these", "at least one of these", "Add a condition", "Remove the condition", "Property", "Value", "The builder cannot show this filter. It stays as text.",
		"is", "is not", "begins with", "ends with", "contains", "is more than", "is at least", "is less than", "is at most", "is empty", "is not empty",
		"1 value will be sent", "{{.n}} values will be sent", "1 field to correct: {{.field}}", "{{.n}} fields to correct, first: {{.field}}", "Clear",
		"does not contain", "is between", "is one of", "is none of", "is in the last … days", "is older than … days", "is after", "is before", "is on",
		"{{.from}} to {{.to}}", "last day", "last {{.n}} days", "older than 1 day", "older than {{.n}} days", "last {{.length}}", "older than {{.length}}", "Enter a value.", "Enter both values.", "Tick at least one value.", "{{.list}} and {{.n}} more", "none of {{.list}}", "Search the values", "Filters: {{.n}}",
		"Find a column", "Only columns with something in them", "Saved sets", "Name of a new set", "Move up", "Move down", "Tick all", "Tick none", "Remove the set", "Save",
		"Find a name or value", "Compare with", "Only differences", "Previous row", "Next row", "{{.row}} of {{.rows}}", "nothing",
		"Show or hide the PowerShell", "Not written: {{.names}}", "Show the form", "Asked", "Change", "everything",
		"Search", "Nothing found",
		"Sessions", "Disconnect", "Dismiss", "Disconnect all", "Reconnect", "Sign in for this tenant", "verified", "sign-in needed", "ready", "Who can fix it", "Access check", "Time", "Keep", "Do not keep", "Give up", "Waiting for a session", "Last results", "No sessions open",
		"{{.used}} of {{.limit}} in use by {{.account}}", "{{.n}} of them outside this window", "opening", "idle", "running", "running {{.what}}", "disconnecting", "connection lost", "closes in {{.time}}", "kept open", "place {{.place}}",
		"Details for support", "Hide details", "Copy", "Close", "Cancel", "Copied",
		"Errors {{.count}}", "Warnings {{.count}}", "Messages {{.count}}", "Copy all", "No messages",
		"Remove {{.what}}",
		"Show", "Hide", "Paste", "Caps Lock is on.",
		"{{.n}} s", "{{.n}} min", "{{.n}} h", "{{.n}} d", "{{.n}} ms",
		"Search everything", "Choose a value",
	}
	for _, k := range append(GridKeys(), FormKeys()...) {
		texts = append(texts, k.Keys, k.Does)
	}
	return texts
}

// shortDuration is a duration in one unit, as a person says it: "4 min". Negative is zero.
func shortDuration(d time.Duration) string {
	unit := func(text string, n int64) string { return tr(text, "n", strconv.FormatInt(n, 10)) }
	switch {
	case d < time.Minute:
		return unit("{{.n}} s", max(0, int64(d/time.Second)))
	case d < time.Hour:
		return unit("{{.n}} min", int64(d/time.Minute))
	case d < 48*time.Hour:
		return unit("{{.n}} h", int64(d/time.Hour))
	default:
		return unit("{{.n}} d", int64(d/(24*time.Hour)))
	}
}

// stepDuration is the time of a step: "12 ms", "1.3 s".
func stepDuration(d time.Duration) string {
	if d < time.Second {
		return tr("{{.n}} ms", "n", strconv.FormatInt(d.Milliseconds(), 10))
	}
	return tr("{{.n}} s", "n", strings.Replace(strconv.FormatFloat(d.Seconds(), 'f', 1, 64), ".", tr("."), 1))
}

// grouped writes a whole number with the language's mark between groups of three digits.
func grouped(n int) string {
	text, mark := strconv.Itoa(n), tr(",")
	for i := len(text) - 3; i > 0 && text[i-1] != '-'; i -= 3 {
		text = text[:i] + mark + text[i:]
	}
	return text
}
