package clixml

// Value is one decoded CLIXML value ([MS-PSRP] 2.2.5). Its dynamic type is
// one of:
//
//   - nil: Nil, the null reference
//   - string: S. Well-formed UTF-16 arrives as UTF-8; a lone surrogate arrives
//     as its three-byte WTF-8 form (ED A0..BF xx) and is escaped again by
//     the encoder
//   - [Char]: C; bool: B
//   - int8 SB, int16 I16, int32 I32, int64 I64
//   - uint8 By, uint16 U16, uint32 U32, uint64 U64
//   - float32 Sg, float64 Db (INF, -INF, NaN and -0 included)
//   - [Decimal]: D; [DateTime]: DT; [Duration]: TS
//   - []byte: BA (never nil; an empty array is an empty slice)
//   - [GUID]: G; [URI]: URI; [Version]: Version; [XML]: XD
//   - [ScriptBlock]: SBK; [SecureString]: SS; [Progress]: PR
//   - *[Object]: Obj, and Ref, which gives the same pointer again
//   - [Unknown]: an element that no version of the format names
type Value = any

// Char is one UTF-16 code unit (element C), possibly half of a surrogate pair.
type Char uint16

// Decimal is a System.Decimal (element D) as its invariant text, with all its
// digits and trailing zeros: "-1.10".
type Decimal string

// URI is a System.Uri (element URI) as text, not parsed.
type URI string

// Version is a System.Version (element Version) as text: two to four numbers
// with dots between.
type Version string

// XML is the text of an XML document (element XD), not parsed.
type XML string

// ScriptBlock is the text of a script block (element SBK).
type ScriptBlock string

// SecureString is the content of an SS element exactly as on the wire, base64
// as a rule. This package never decrypts it.
type SecureString string

// Progress is a ProgressRecord in the form of Export-Clixml (element PR). In
// remoting, progress travels as an ordinary object instead.
type Progress struct {
	Activity         string // AV
	ActivityID       int32  // AI
	CurrentOperation Value  // S or Nil, the element without a name of its own
	ParentActivityID int32  // PI, -1 for none
	PercentComplete  int32  // PC, -1 for unknown
	Type             string // T: Processing or Completed
	SecondsRemaining int32  // SR, -1 for unknown
	Status           string // SD
}

// Unknown is an element that this package does not know. Nothing of it is
// lost: Raw is the whole element as it was on the wire, without its N
// attribute (which is the property's name).
type Unknown struct {
	Tag string // local name of the element
	Raw string // from "<Tag" to "</Tag>" or "/>"
}

// Container says what kind of collection an [Object] is ([MS-PSRP] 2.2.5.2.6).
type Container uint8

// The collections of CLIXML.
const (
	None       Container = iota // not a collection
	List                        // LST: Items
	Stack                       // STK: Items, top of the stack first, as on the wire
	Queue                       // QUE: Items
	Enumerable                  // IE: Items
	Dictionary                  // DCT: Entries
)

// String gives the element's name, and "" for None.
func (c Container) String() string {
	switch c {
	case List:
		return "LST"
	case Stack:
		return "STK"
	case Queue:
		return "QUE"
	case Enumerable:
		return "IE"
	case Dictionary:
		return "DCT"
	default:
		return ""
	}
}

// Object is a complex object (element Obj, [MS-PSRP] 2.2.5.2). Identity
// matters: two places that hold the same pointer are written as Obj and Ref.
type Object struct {
	Types       []string // TN, most derived first; nil when there is no TN
	ToString    string   // text of the ToString element
	HasToString bool     // tells an empty ToString from none

	// Base is the value inside of an object that wraps one: a primitive with
	// added properties, the number of an enum (Types then has System.Enum), or
	// another *Object (Windows PowerShell wraps some provider items so).
	// HasBase tells a wrapped null from nothing.
	Base    Value
	HasBase bool

	Kind    Container // which of Items and Entries is meant
	Items   []Value   // of List, Stack, Queue and Enumerable
	Entries []Entry   // of Dictionary, in the order of the wire

	Adapted  []Property // Props, in the order of the wire
	Extended []Property // MS, in the order of the wire
}

// Property is a named value of an [Object]. The name is decoded as strings are.
type Property struct {
	Name  string
	Value Value
}

// Entry is a pair of a dictionary (element En).
type Entry struct{ Key, Value Value }

// maxWraps is how many objects directly inside of each other are looked into.
// PowerShell writes two at most; a Ref could make a circle.
const maxWraps = 8

// Get gives the property of that name, as PowerShell would: an extended one
// hides an adapted one, and both hide those of an object that o wraps. Names
// are compared without regard to ASCII case when no exact match exists.
func (o *Object) Get(name string) (Value, bool) {
	for range maxWraps {
		if o == nil {
			break
		}
		if v, ok := o.own(name); ok {
			return v, true
		}
		o, _ = o.Base.(*Object)
	}
	return nil, false
}

func (o *Object) own(name string) (Value, bool) {
	for _, list := range [2][]Property{o.Extended, o.Adapted} {
		for i := range list {
			if list[i].Name == name {
				return list[i].Value, true
			}
		}
	}
	for _, list := range [2][]Property{o.Extended, o.Adapted} {
		for i := range list {
			if equalFoldASCII(list[i].Name, name) {
				return list[i].Value, true
			}
		}
	}
	return nil, false
}

func equalFoldASCII(a, b string) bool {
	if len(a) != len(b) {
		return false
	}
	for i := range len(a) {
		x, y := a[i], b[i]
		if x == y {
			continue
		}
		if x|0x20 != y|0x20 || x|0x20 < 'a' || x|0x20 > 'z' {
			return false
		}
	}
	return true
}
