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
// arguments, or from PowerShell's short name for it. A type that is not known is Text:
// the server converts text itself.
func KindOf(typeName string) Kind {
	name, argument := splitTypeName(typeName)
	if element, ok := strings.CutSuffix(name, "[]"); ok {
		switch lastName(element) {
		case "byte":
			return File
		case "char":
			return Text
		}
		return List
	}
	last := lastName(name)
	switch {
	case last == "nullable":
		return KindOf(argument)
	case last == "unlimited":
		return unlimitedKind(argument)
	case argument != "" && isDictionary(last):
		return Hashtable
	case argument != "" && isCollection(last):
		if lastName(argument) == "byte" {
			return File
		}
		return List
	}
	return kindsByName[last]
}

func unlimitedKind(argument string) Kind {
	switch KindOf(argument) {
	case Number:
		return UnlimitedNumber
	case ByteSize:
		return UnlimitedByteSize
	}
	return Text // a duration or the word: the server reads both
}

// kindsByName has the last part of type names in lower case. What is missing is Text.
var kindsByName = map[string]Kind{
	"sbyte": Number, "byte": Number, "int16": Number, "uint16": Number, "int32": Number,
	"uint32": Number, "int64": Number, "uint64": Number, "single": Number, "double": Number,
	"decimal": Number, "int": Number, "long": Number, "uint": Number, "ulong": Number,
	"short": Number, "ushort": Number, "float": Number, "biginteger": Number,
	"boolean": Bool, "bool": Bool,
	"switchparameter": SwitchKind, "switch": SwitchKind,
	"datetime": Date, "exdatetime": Date, "datetimeoffset": Date,
	"timespan": Duration, "enhancedtimespan": Duration,
	"bytequantifiedsize": ByteSize,
	"hashtable":          Hashtable, "idictionary": Hashtable, "ordereddictionary": Hashtable,
	"securestring": SecretKind, "pscredential": Credential,
	"array": List, "arraylist": List, "ilist": List, "icollection": List, "ienumerable": List,
	"proxyaddresscollection": List, "multivaluedproperty": List, "multivaluedpropertybase": List,
	"domaincontrollercollection": List, "smtpdomaincollection": List,
}

func isDictionary(last string) bool { return strings.HasSuffix(last, "dictionary") }

func isCollection(last string) bool {
	switch last {
	case "list", "ilist", "collection", "icollection", "ienumerable", "ireadonlylist",
		"ireadonlycollection", "hashset", "iset", "readonlycollection", "linkedlist":
		return true
	}
	// MultiValuedProperty, DagNetMultiValuedProperty and the like.
	return strings.HasSuffix(last, "multivaluedproperty")
}

// splitTypeName takes Name`1[[Argument, assembly...]], Name`1[Argument] or
// Name<Argument> apart, and the assembly off. Of several arguments it gives the first.
func splitTypeName(typeName string) (name, argument string) {
	name = strings.TrimSpace(typeName)
	arrays := ""
	open := strings.IndexAny(name, "[<,")
	if open < 0 {
		return name, ""
	}
	head, rest := name[:open], name[open:]
	if rest[0] == '[' && strings.Trim(rest[:closing(rest)], "[],*") != "" || rest[0] == '<' {
		end := closing(rest)
		argument = strings.TrimSpace(rest[1:max(1, end-1)])
		if strings.HasPrefix(argument, "[") {
			argument = argument[1:max(1, closing(argument)-1)]
		} else if comma := topComma(argument); comma >= 0 {
			argument = argument[:comma]
		}
		rest = rest[end:]
	}
	if strings.HasPrefix(rest, "[") {
		arrays = "[]"
	}
	head, _, _ = strings.Cut(head, "`")
	return strings.TrimSpace(head) + arrays, argument
}

// closing gives the place after the bracket that closes the one text begins with.
func closing(text string) int {
	depth := 0
	for i, c := range text {
		switch c {
		case '[', '<':
			depth++
		case ']', '>':
			if depth--; depth == 0 {
				return i + 1
			}
		}
	}
	return len(text)
}

// topComma finds the first comma outside brackets, or gives -1.
func topComma(text string) int {
	depth := 0
	for i, c := range text {
		switch c {
		case '[', '<':
			depth++
		case ']', '>':
			depth--
		case ',':
			if depth == 0 {
				return i
			}
		}
	}
	return -1
}

// lastName gives what comes after the last dot or plus, in lower case, without assembly
// and generic arity.
func lastName(name string) string {
	name, _ = splitOff(name, ",[<`")
	return strings.ToLower(strings.TrimSpace(name[strings.LastIndexAny(name, ".+")+1:]))
}

func splitOff(text, chars string) (before, after string) {
	if i := strings.IndexAny(text, chars); i >= 0 {
		return text[:i], text[i:]
	}
	return text, ""
}

func equalFold(a, b string) bool { return strings.EqualFold(a, b) }
