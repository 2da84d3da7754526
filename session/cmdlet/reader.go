package cmdlet

import "time"

// Kinds tells what is known of cmdlets: what a server said of them, or the reference. The
// reader takes the kinds and the spelling of parameters from it. It enforces nothing: a
// server may know more.
type Kinds interface {
	// Describe gives the description of a cmdlet by its name, letter case aside; ok is
	// false when nothing is known of it.
	Describe(cmdlet string) (c Cmdlet, ok bool)
}

// Reader reads what people type and paste: the arguments of a command line, and lines of
// PowerShell. The zero Reader knows no cmdlet and takes the time from the computer.
//
// A value is text and is sent as it stands. It is read as a number, a date, a size or a
// list only where its parameter is known to be one. Everywhere $true, $false, $null,
// @{a='x'}, @('a') and lists of quoted texts ('a','b') are what PowerShell means by them;
// within lists and tables the same holds for each element. So are a few expressions that
// need nothing but the clock: (Get-Date).AddDays(-2), [datetime]'2024-01-02', [int]0x1F.
// A parameter that is given several times has a list. The text within { } is the value of
// a parameter whose name ends in Filter.
type Reader struct {
	// Kinds may be nil.
	Kinds Kinds
	// Now gives the time that (Get-Date) means; its zone is that of dates without one.
	// nil is time.Now.
	Now func() time.Time
}

// now gives the time to the second: nobody who types (Get-Date) means more.
func (r Reader) now() time.Time {
	now := time.Now
	if r.Now != nil {
		now = r.Now
	}
	return now().Truncate(time.Second)
}

// describe gives what is known of a cmdlet, which may be nothing. A module's name may
// stand before it.
func (r Reader) describe(name string) (Cmdlet, bool) {
	if r.Kinds == nil {
		return Cmdlet{}, false
	}
	return r.Kinds.Describe(plainName(name))
}
