package clixml

import "fmt"

// SyntaxError says that the bytes are not CLIXML.
type SyntaxError struct {
	Offset int    // from the first byte handed in, a byte order mark included
	Reason string // what was expected or found
}

func (e *SyntaxError) Error() string {
	return fmt.Sprintf("clixml: at byte %d: %s", e.Offset, e.Reason)
}

// LimitError says that a payload goes beyond one of the [Limits].
type LimitError struct {
	Limit  Limit
	Max    int // the limit that was in force
	Offset int // where it was reached
}

func (e *LimitError) Error() string {
	return fmt.Sprintf("clixml: at byte %d: %s is over the limit of %d", e.Offset, e.Limit, e.Max)
}

// Limit names one of the [Limits].
type Limit uint8

// The limits of a decoder.
const (
	LimitDepth    Limit = iota + 1 // Limits.Depth
	LimitName                      // Limits.Name
	LimitSize                      // Limits.Size
	LimitElements                  // Limits.Elements
)

func (l Limit) String() string {
	switch l {
	case LimitDepth:
		return "nesting depth"
	case LimitName:
		return "length of a name"
	case LimitSize:
		return "total size"
	case LimitElements:
		return "number of elements"
	default:
		return "limit"
	}
}

// Limits bound what a decoder accepts. Zero fields mean the default.
type Limits struct {
	Depth int // values inside of values, default 256
	Name  int // bytes of a property or type name or an id, default 65,536
	Size  int // bytes of the whole input, and of what references add to it; default 1 GiB

	// Elements is how many elements the input, or a row of it, may have: each takes
	// many times the memory of its bytes. 0 is without a limit.
	Elements int

	// What references add in rows is bound as well to 64 MiB and 16 times the
	// input: a Size that a LimitError names may be less than this one.
}

// Defaults of [Limits].
const (
	defaultDepth = 256
	defaultName  = 64 << 10
	DefaultSize  = 1 << 30
)

func (l Limits) orDefault() Limits {
	if l.Depth <= 0 {
		l.Depth = defaultDepth
	}
	if l.Name <= 0 {
		l.Name = defaultName
	}
	if l.Size <= 0 {
		l.Size = DefaultSize
	}
	return l
}

// EncodeError says which value cannot be written.
type EncodeError struct {
	Path   string // names of the properties and indices that lead to it
	Reason string
}

func (e *EncodeError) Error() string {
	if e.Path == "" {
		return "clixml: cannot encode: " + e.Reason
	}
	return "clixml: cannot encode " + e.Path + ": " + e.Reason
}
