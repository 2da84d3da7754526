package cmdlet

import (
	"strings"
	"time"
)

// This file makes values of literals: by a parameter's kind where it is known.

// fromLiteral reads a literal by the parameter's kind.
func (p Parameter) fromLiteral(v any, zone *time.Location) (any, Want) {
	switch v := v.(type) {
	case nil:
		return nil, wantIf(p.kind() == SwitchKind, WantKind)
	case bareword:
		return p.convert(string(v), zone)
	case string:
		if p.kind() == List {
			return p.items([]string{v}), wantNothing
		}
		return p.convert(v, zone)
	case bareItems:
		if p.kind() == List {
			return p.fromList(v.items)
		}
		return p.convert(v.source, zone)
	case bool:
		return p.fromBool(v)
	case []any:
		return p.fromList(v)
	case map[string]any:
		return p.fromTable(v)
	case block:
		if isFilter(p.Name) {
			return string(v), wantNothing
		}
		return nil, WantLiteral
	case askedSecret:
		if p.hidden() {
			return nil, WantSecret
		}
		return nil, WantLiteral
	}
	if p.hidden() {
		return nil, WantLiteral
	}
	return v, wantIf(!p.takes(v), WantKind) // bytes, a date
}

// takes says that a parameter of its kind may have the value, which is no text.
func (p Parameter) takes(v any) bool {
	switch p.kind() {
	case Text, List:
		return true
	case Date:
		_, ok := v.(time.Time)
		return ok
	case File:
		_, ok := v.([]byte)
		return ok
	}
	return false
}

func (p Parameter) fromBool(v bool) (any, Want) {
	switch p.kind() {
	case SwitchKind:
		return Switch(v), wantNothing
	case Bool, Text:
		return v, wantIf(p.hidden(), WantKind)
	}
	return nil, WantKind
}

func (p Parameter) fromList(list []any) (any, Want) {
	switch p.kind() {
	case List, Text, Hashtable, Choice:
		if p.hidden() {
			return nil, WantKind
		}
	default:
		return nil, WantKind
	}
	v, want := untypedList(list)
	if texts, ok := v.([]string); ok {
		return p.items(texts), want
	}
	return v, want
}

func (p Parameter) fromTable(table map[string]any) (any, Want) {
	switch p.kind() {
	case Hashtable, List, Text:
		return untyped(table)
	}
	return nil, WantKind
}

// isFilter says that a parameter takes a filter, for which PowerShell allows { }.
func isFilter(name string) bool {
	return strings.HasSuffix(strings.ToLower(name), "filter")
}

// untyped makes a value of an element of a list or a table, about which nothing is known.
func untyped(v any) (any, Want) {
	switch v := v.(type) {
	case bareword:
		return string(v), wantNothing
	case bareItems:
		return v.source, wantNothing
	case block, askedSecret:
		return nil, WantLiteral
	case map[string]any:
		table := make(map[string]any, len(v))
		for key, item := range v {
			value, want := untyped(item)
			if want != wantNothing {
				return nil, want
			}
			table[key] = value
		}
		return table, wantNothing
	case []any:
		return untypedList(v)
	}
	return v, wantNothing
}

// untypedList gives []string when all items are text, else []any.
func untypedList(list []any) (any, Want) {
	values := make([]any, len(list))
	texts := make([]string, 0, len(list))
	for i, item := range list {
		value, want := untyped(item)
		if want != wantNothing {
			return nil, want
		}
		values[i] = value
		if text, ok := value.(string); ok {
			texts = append(texts, text)
		}
	}
	if len(texts) == len(values) {
		return texts, wantNothing
	}
	return values, wantNothing
}
