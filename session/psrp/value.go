package psrp

import (
	"errors"
	"fmt"
	"math"
	"slices"
	"sort"
	"time"

	"postroom/session/clixml"
	"postroom/session/cmdlet"
)

// errSecret says that a value holds a secret where there is no key yet.
var errSecret = errors.New("psrp: a secret needs the session key first")

// converter turns the values of a call into CLIXML. seal encrypts a secret;
// it is nil while there is no key, and then a secret gives errSecret.
type converter struct {
	seal func(string) clixml.SecureString
	done map[*clixml.Object]*clixml.Object
}

// argument converts the value of a cmdlet's argument (see cmdlet.Arg): whole
// numbers become Int32 where they fit, as PowerShell reads them when typed.
func (c *converter) argument(v any) (clixml.Value, error) {
	switch v := v.(type) {
	case int64:
		return wholeNumber(v), nil
	case uint64:
		if v <= math.MaxInt64 {
			return wholeNumber(int64(v)), nil
		}
		return v, nil
	case []any:
		return c.list(v, c.argument)
	case map[string]any:
		return c.hashtable(v, c.argument)
	}
	return c.value(v)
}

func wholeNumber(v int64) clixml.Value {
	if v >= math.MinInt32 && v <= math.MaxInt32 {
		return int32(v)
	}
	return v
}

// value converts what a caller gives as a clixml.Value: such values as they
// are, with the secrets in them encrypted, and Go's own types besides.
func (c *converter) value(v any) (clixml.Value, error) {
	switch v := v.(type) {
	case *clixml.Object:
		return c.object(v)
	case cmdlet.Switch:
		return bool(v), nil
	case cmdlet.PSCredential:
		return c.credential(v)
	case cmdlet.Secret:
		if c.seal == nil {
			return nil, errSecret
		}
		return c.seal(v.Reveal()), nil
	case int:
		return wholeNumber(int64(v)), nil
	case time.Time:
		return clixml.DateTimeOf(v), nil
	case time.Duration:
		return clixml.Duration(v / 100), nil
	case []string:
		items := make([]any, len(v))
		for i, s := range v {
			items[i] = s
		}
		return c.list(items, c.value)
	case []any:
		return c.list(v, c.value)
	case map[string]any:
		return c.hashtable(v, c.value)
	}
	return v, nil
}

func (c *converter) list(items []any, convert func(any) (clixml.Value, error)) (clixml.Value, error) {
	o := &clixml.Object{Types: objectArrayTypes(), Kind: clixml.List, Items: make([]clixml.Value, 0, len(items))}
	for i, item := range items {
		v, err := convert(item)
		if err != nil {
			return nil, fmt.Errorf("item %d: %w", i, err)
		}
		o.Items = append(o.Items, v)
	}
	return o, nil
}

func (c *converter) hashtable(m map[string]any, convert func(any) (clixml.Value, error)) (clixml.Value, error) {
	keys := make([]string, 0, len(m))
	for k := range m {
		keys = append(keys, k)
	}
	sort.Strings(keys)
	o := &clixml.Object{Types: hashtableTypes(), Kind: clixml.Dictionary}
	for _, k := range keys {
		v, err := convert(m[k])
		if err != nil {
			return nil, fmt.Errorf("key %q: %w", k, err)
		}
		o.Entries = append(o.Entries, clixml.Entry{Key: k, Value: v})
	}
	return o, nil
}

func (c *converter) credential(v cmdlet.PSCredential) (clixml.Value, error) {
	if c.seal == nil {
		return nil, errSecret
	}
	password := ""
	if v.Password != nil {
		password = v.Password.Reveal()
	}
	return &clixml.Object{
		Types:    []string{"System.Management.Automation.PSCredential", "System.Object"},
		ToString: "System.Management.Automation.PSCredential", HasToString: true,
		Adapted: []clixml.Property{{Name: "UserName", Value: v.User}, {Name: "Password", Value: c.seal(password)}},
	}, nil
}

// object copies an object with its secrets encrypted. Shared objects and
// cycles stay what they are.
func (c *converter) object(o *clixml.Object) (clixml.Value, error) {
	if o == nil {
		return nil, nil
	}
	if copied, ok := c.done[o]; ok {
		return copied, nil
	}
	n := new(clixml.Object)
	*n = *o
	if c.done == nil {
		c.done = make(map[*clixml.Object]*clixml.Object)
	}
	c.done[o] = n
	var err error
	if n.Base, err = c.value(o.Base); err != nil {
		return nil, err
	}
	n.Items = slices.Clone(o.Items)
	for i := range n.Items {
		if n.Items[i], err = c.value(n.Items[i]); err != nil {
			return nil, err
		}
	}
	n.Entries = slices.Clone(o.Entries)
	for i := range n.Entries {
		if n.Entries[i].Value, err = c.value(n.Entries[i].Value); err != nil {
			return nil, err
		}
	}
	for _, list := range []*[]clixml.Property{&n.Adapted, &n.Extended} {
		*list = slices.Clone(*list)
		for i := range *list {
			if (*list)[i].Value, err = c.value((*list)[i].Value); err != nil {
				return nil, err
			}
		}
	}
	return n, nil
}

// The type names that objects of the protocol carry.

func objectArrayTypes() []string { return []string{"System.Object[]", "System.Array", "System.Object"} }

func stringArrayTypes() []string { return []string{"System.String[]", "System.Array", "System.Object"} }

func arrayListTypes() []string { return []string{"System.Collections.ArrayList", "System.Object"} }

func hashtableTypes() []string { return []string{"System.Collections.Hashtable", "System.Object"} }

func primitiveDictionaryTypes() []string {
	return []string{"System.Management.Automation.PSPrimitiveDictionary", "System.Collections.Hashtable", "System.Object"}
}

// psObjectListTypes are those of the lists in CREATE_PIPELINE.
func psObjectListTypes() []string {
	return []string{
		"System.Collections.Generic.List`1[[System.Management.Automation.PSObject, System.Management.Automation, Version=3.0.0.0, Culture=neutral, PublicKeyToken=31bf3856ad364e35]]",
		"System.Object",
	}
}

// enum makes an enum value in its full form.
func enum(typeName, text string, number int32) *clixml.Object {
	return &clixml.Object{
		Types:    []string{typeName, "System.Enum", "System.ValueType", "System.Object"},
		ToString: text, HasToString: true,
		Base: number, HasBase: true,
	}
}

// bag makes an object that has extended properties only.
func bag(properties ...clixml.Property) *clixml.Object {
	return &clixml.Object{Extended: properties}
}

func prop(name string, v clixml.Value) clixml.Property { return clixml.Property{Name: name, Value: v} }

func listOf(types []string, items []clixml.Value) *clixml.Object {
	return &clixml.Object{Types: types, Kind: clixml.List, Items: items}
}

// The readers below take what a message holds as leniently as PowerShell does:
// a property that is missing, null or of another type gives the zero value.

func get(o *clixml.Object, name string) clixml.Value {
	if o == nil {
		return nil
	}
	v, _ := o.Get(name)
	return v
}

func getObject(o *clixml.Object, name string) *clixml.Object {
	v, _ := get(o, name).(*clixml.Object)
	return v
}

func getText(o *clixml.Object, name string) string { return display(get(o, name)) }

func getBool(o *clixml.Object, name string) bool {
	switch v := get(o, name).(type) {
	case bool:
		return v
	case *clixml.Object:
		if b, ok := v.Base.(bool); ok {
			return b
		}
		present, _ := get(v, "IsPresent").(bool)
		return present
	}
	return false
}

func getNumber(o *clixml.Object, name string) (int64, bool) { return number(get(o, name)) }

func getInt32(o *clixml.Object, name string, missing int32) int32 {
	if n, ok := getNumber(o, name); ok {
		return int32(n)
	}
	return missing
}

// number reads a whole number of any size, bare or as an enum.
func number(v clixml.Value) (int64, bool) {
	switch v := v.(type) {
	case int8:
		return int64(v), true
	case int16:
		return int64(v), true
	case int32:
		return int64(v), true
	case int64:
		return v, true
	case uint8:
		return int64(v), true
	case uint16:
		return int64(v), true
	case uint32:
		return int64(v), true
	case uint64:
		return int64(v), v <= math.MaxInt64
	case *clixml.Object:
		if v == nil || !v.HasBase {
			return 0, false
		}
		if _, nested := v.Base.(*clixml.Object); !nested {
			return number(v.Base)
		}
	}
	return 0, false
}

// items gives the elements of a list or of one that is wrapped, and one value
// as a list of it.
func items(v clixml.Value) []clixml.Value {
	switch v := v.(type) {
	case nil:
		return nil
	case *clixml.Object:
		if v.Kind != clixml.None {
			return v.Items
		}
		if inner, ok := v.Base.(*clixml.Object); ok && inner.Kind != clixml.None {
			return inner.Items
		}
	}
	return []clixml.Value{v}
}

func texts(v clixml.Value) []string {
	list := items(v)
	if len(list) == 0 {
		return nil
	}
	out := make([]string, len(list))
	for i, item := range list {
		out[i] = display(item)
	}
	return out
}

// display gives the text that PowerShell would show for a value in a message.
func display(v clixml.Value) string { return clixml.Display(v) }

func firstType(o *clixml.Object) string {
	if o == nil || len(o.Types) == 0 {
		return ""
	}
	return o.Types[0]
}
