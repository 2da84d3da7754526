package clixml

import (
	"math"
	"strconv"
)

// displayLevels is how many levels of collections are unfolded in a display
// text: a list of hashtables is shown, what is inside of these by type name.
const displayLevels = 2

const (
	customType      = "System.Management.Automation.PSCustomObject"
	enumType        = "System.Enum"
	deserializedTag = "Deserialized."
)

// Display gives the text that PowerShell would show for v in the invariant
// culture: an object's ToString if it has one, the items of a list with one
// space between them, @{a=1; b=2} for custom objects, the type name when there
// is nothing else. Where PowerShell shows only a type name or nothing for
// content, this shows content: {[key, value], ...} for dictionaries, custom
// objects inside of lists, the text of unknown elements.
func Display(v Value) string { return string(appendDisplay(nil, v, 0)) }

//nolint:gocyclo // one table
func appendDisplay(dst []byte, v Value, level int) []byte {
	switch v := v.(type) {
	case *Object:
		return v.appendDisplay(dst, level)
	case string:
		return append(dst, v...)
	case Char:
		return appendWTF8(dst, rune(v))
	case bool:
		return displayScalar(dst, tagB, nil, &scalar{i: btoi(v)})
	case int8:
		return strconv.AppendInt(dst, int64(v), 10)
	case int16:
		return strconv.AppendInt(dst, int64(v), 10)
	case int32:
		return strconv.AppendInt(dst, int64(v), 10)
	case int64:
		return strconv.AppendInt(dst, v, 10)
	case uint8:
		return strconv.AppendUint(dst, uint64(v), 10)
	case uint16:
		return strconv.AppendUint(dst, uint64(v), 10)
	case uint32:
		return strconv.AppendUint(dst, uint64(v), 10)
	case uint64:
		return strconv.AppendUint(dst, v, 10)
	case GUID:
		return v.append(dst)
	case float32:
		return displayFloat(dst, float64(v), 32)
	case float64:
		return displayFloat(dst, v, 64)
	case Decimal:
		return append(dst, v...)
	case DateTime:
		return v.appendDisplay(dst)
	case Duration:
		return v.appendDisplay(dst)
	case []byte:
		return append(dst, "System.Byte[]"...)
	case URI:
		return append(dst, v...)
	case Version:
		return append(dst, v...)
	case XML:
		return append(dst, v...)
	case ScriptBlock:
		return append(dst, v...)
	case SecureString:
		return append(dst, "System.Security.SecureString"...)
	case Progress:
		return displayProgress(dst, []byte(v.Activity), []byte(v.Status))
	case Unknown:
		return append(dst, v.Raw...)
	}
	return dst
}

func btoi(b bool) int64 {
	if b {
		return 1
	}
	return 0
}

func displayFloat(dst []byte, f float64, bits int) []byte {
	switch {
	case math.IsInf(f, 1):
		return append(dst, "Infinity"...)
	case math.IsInf(f, -1):
		return append(dst, "-Infinity"...)
	}
	return appendFloat(dst, f, bits)
}

func displayProgress(dst, activity, status []byte) []byte {
	dst = append(dst, activity...)
	if len(activity) > 0 && len(status) > 0 {
		dst = append(dst, ": "...)
	}
	return append(dst, status...)
}

// displayScalar is appendDisplay for a primitive that has just been scanned.
func displayScalar(dst []byte, t tag, text []byte, v *scalar) []byte {
	switch t {
	case tagB:
		if v.i == 1 {
			return append(dst, "True"...)
		}
		return append(dst, "False"...)
	case tagC:
		return appendWTF8(dst, rune(v.u))
	case tagSB, tagI16, tagI32, tagI64:
		return strconv.AppendInt(dst, v.i, 10)
	case tagBy, tagU16, tagU32, tagU64:
		return strconv.AppendUint(dst, v.u, 10)
	case tagSg:
		return displayFloat(dst, v.f, 32)
	case tagDB:
		return displayFloat(dst, v.f, 64)
	case tagDT:
		return v.dt.appendDisplay(dst)
	case tagTS:
		return Duration(v.i).appendDisplay(dst)
	case tagG:
		return v.g.append(dst)
	case tagD:
		return append(dst, trim(text)...)
	case tagBA:
		return append(dst, "System.Byte[]"...)
	case tagSS:
		return append(dst, "System.Security.SecureString"...)
	}
	return append(dst, text...)
}

// typeFacts are what the display of an object depends on.
type typeFacts struct {
	named  bool // there is at least one name
	enum   bool
	custom bool
}

func (f *typeFacts) note(name []byte) {
	f.named = true
	if len(name) > len(deserializedTag) && string(name[:len(deserializedTag)]) == deserializedTag {
		name = name[len(deserializedTag):]
	}
	switch string(name) {
	case enumType:
		f.enum = true
	case customType:
		f.custom = true
	}
}

func (o *Object) facts() (f typeFacts) {
	for _, t := range o.Types {
		f.note([]byte(t))
	}
	f.custom = f.custom || o.Types == nil
	return f
}

// IsEnum tells whether o is an enum value: Base is its number, ToString its
// name.
func (o *Object) IsEnum() bool { return o != nil && o.facts().enum }

// displayForm says how an object without a ToString is shown.
type displayForm uint8

const (
	formTypeName displayForm = iota
	formList
	formDictionary
	formCustom
	formNothing // a custom object without properties
)

// formOf decides for the parts that an object has at this level.
func formOf(kind Container, custom, properties bool, level int) displayForm {
	switch {
	case kind == None && custom && !properties:
		return formNothing
	case level >= displayLevels:
		return formTypeName
	case kind == Dictionary:
		return formDictionary
	case kind != None:
		return formList
	case custom && properties:
		return formCustom
	}
	return formTypeName
}

func (o *Object) appendDisplay(dst []byte, level int) []byte {
	if o == nil {
		return dst
	}
	if o.HasToString {
		return append(dst, o.ToString...)
	}
	if o.Kind == None && (o.HasBase || o.Base != nil) {
		if _, wraps := o.Base.(*Object); !wraps || level < displayLevels {
			return appendDisplay(dst, o.Base, level+1)
		}
		return o.appendTypeName(dst)
	}
	switch formOf(o.Kind, o.facts().custom, len(o.Adapted)+len(o.Extended) > 0, level) {
	case formList:
		return o.appendItems(dst, level+1)
	case formDictionary:
		return o.appendEntries(dst, level+1)
	case formCustom:
		return o.appendProperties(dst, level+1)
	case formNothing:
		return dst
	}
	return o.appendTypeName(dst)
}

func (o *Object) appendItems(dst []byte, level int) []byte {
	for i, v := range o.Items {
		if i > 0 {
			dst = append(dst, ' ')
		}
		dst = appendDisplay(dst, v, level)
	}
	return dst
}

func (o *Object) appendEntries(dst []byte, level int) []byte {
	dst = append(dst, '{')
	for i, en := range o.Entries {
		if i > 0 {
			dst = append(dst, ", "...)
		}
		dst = appendDisplay(append(dst, '['), en.Key, level)
		dst = appendDisplay(append(dst, ", "...), en.Value, level)
		dst = append(dst, ']')
	}
	return append(dst, '}')
}

func (o *Object) appendProperties(dst []byte, level int) []byte {
	dst = append(dst, "@{"...)
	for i, list := range [][]Property{o.Adapted, o.Extended} {
		for j, p := range list {
			if j > 0 || i > 0 && len(o.Adapted) > 0 {
				dst = append(dst, "; "...)
			}
			dst = append(append(dst, p.Name...), '=')
			dst = appendDisplay(dst, p.Value, level)
		}
	}
	return append(dst, '}')
}

func (o *Object) appendTypeName(dst []byte) []byte {
	if len(o.Types) > 0 {
		return append(dst, o.Types[0]...)
	}
	return append(dst, "System.Object"...)
}
