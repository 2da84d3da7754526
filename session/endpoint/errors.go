package endpoint

import "errors"

var (
	errNoDot      = errors.New("it has no dot")
	errNumericTop = errors.New("it ends in a number, as an IP address does")
)
