package widgets

// Severity says how bad news is.
type Severity int

// The severities, in rising order.
const (
	Information Severity = iota
	Success
	Warning
	Failure
)
