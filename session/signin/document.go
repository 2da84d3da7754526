package signin

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
)

// document is what MSAL exports: members such as AccessToken, RefreshToken and
// Account, each with its entries by key. It is opaque to us but for that; a member
// of another form is kept as it is.
type document struct {
	entries map[string]map[string]json.RawMessage
	others  map[string]json.RawMessage
}

// MSAL's members that something is read of here.
const (
	accountMember      = "Account"
	accessTokenMember  = "AccessToken"
	refreshTokenMember = "RefreshToken"
)

func parseDocument(b []byte) (document, error) {
	var members map[string]json.RawMessage
	if err := json.Unmarshal(b, &members); err != nil {
		return document{}, fmt.Errorf("read the sign-ins: not a JSON object")
	}
	d := document{entries: map[string]map[string]json.RawMessage{}, others: map[string]json.RawMessage{}}
	for name, raw := range members {
		var entries map[string]json.RawMessage
		if json.Unmarshal(raw, &entries) != nil {
			d.others[name] = raw
			continue
		}
		d.entries[name] = entries
	}
	return d, nil
}

func (d document) marshal() ([]byte, error) {
	all := map[string]any{}
	for name, raw := range d.others {
		all[name] = raw
	}
	for name, entries := range d.entries {
		all[name] = entries
	}
	b, err := json.Marshal(all)
	if err != nil {
		return nil, fmt.Errorf("write the sign-ins: %w", err)
	}
	return b, nil
}

// empty says that nobody is signed in.
func (d document) empty() bool {
	return len(d.entries[accountMember]) == 0 && len(d.entries[refreshTokenMember]) == 0
}

// merge gives theirs with what changed from base to ours: what was added, changed
// or removed there. So what two processes did at the same time is all in it.
func merge(base, ours, theirs document) document {
	out := document{entries: map[string]map[string]json.RawMessage{}, others: maps.Clone(theirs.others)}
	if out.others == nil {
		out.others = map[string]json.RawMessage{}
	}
	maps.Copy(out.others, ours.others)
	for name, entries := range theirs.entries {
		out.entries[name] = maps.Clone(entries)
	}
	for name, entries := range ours.entries {
		if out.entries[name] == nil {
			out.entries[name] = map[string]json.RawMessage{}
		}
		for key, raw := range entries {
			if before, was := base.entries[name][key]; !was || !bytes.Equal(before, raw) {
				out.entries[name][key] = raw
			}
		}
	}
	for name, entries := range base.entries {
		for key := range entries {
			if _, still := ours.entries[name][key]; !still {
				delete(out.entries[name], key)
			}
		}
	}
	return out
}

// equal compares two documents.
func (d document) equal(other document) bool {
	same := func(a, b map[string]json.RawMessage) bool {
		return maps.EqualFunc(a, b, func(x, y json.RawMessage) bool { return bytes.Equal(x, y) })
	}
	return same(d.others, other.others) && maps.EqualFunc(d.entries, other.entries, same)
}

// withoutAccessTokens gives the document without the access tokens of an account
// for a tenant, so that MSAL asks for another.
func (d document) withoutAccessTokens(homeAccountID, tenant string) document {
	out := document{entries: maps.Clone(d.entries), others: d.others}
	kept := map[string]json.RawMessage{}
	for key, raw := range d.entries[accessTokenMember] {
		var e struct {
			Home  string `json:"home_account_id"`
			Realm string `json:"realm"`
		}
		if json.Unmarshal(raw, &e) != nil || e.Home != homeAccountID || e.Realm != tenant {
			kept[key] = raw
		}
	}
	if out.entries != nil {
		out.entries[accessTokenMember] = kept
	}
	return out
}
