//go:build linux

package credential_test

import (
	"errors"
	"slices"
	"sync/atomic"
	"testing"

	"github.com/godbus/dbus/v5"

	"postroom/session/credential"
)

// The paths of a Secret Service that has one entry, which is locked on its own in
// a collection that is open, as KeePassXC keeps them.
const (
	fakeSecrets    = dbus.ObjectPath("/org/freedesktop/secrets")
	fakeCollection = dbus.ObjectPath("/org/freedesktop/secrets/collection/login")
	fakeItem       = dbus.ObjectPath("/org/freedesktop/secrets/collection/login/1")
)

// properties answers for one object.
type properties map[string]any

// Get is org.freedesktop.DBus.Properties.Get.
func (p properties) Get(_, name string) (dbus.Variant, *dbus.Error) {
	value, ok := p[name]
	if !ok {
		return dbus.Variant{}, dbus.MakeFailedError(errors.New(name))
	}
	return dbus.MakeVariant(value), nil
}

type oneEntry struct{ prompts *atomic.Int32 }

// SearchItems is org.freedesktop.Secret.Collection.SearchItems.
func (oneEntry) SearchItems(want map[string]string) ([]dbus.ObjectPath, *dbus.Error) {
	if want["service"] != service || want["username"] != "reference" {
		return nil, nil
	}
	return []dbus.ObjectPath{fakeItem}, nil
}

// Unlock is org.freedesktop.Secret.Service.Unlock.
func (o oneEntry) Unlock(objects []dbus.ObjectPath) ([]dbus.ObjectPath, dbus.ObjectPath, *dbus.Error) {
	if !slices.Contains(objects, fakeItem) {
		return objects, "/", nil // it is open
	}
	o.prompts.Add(1)
	return nil, "/prompt", nil
}

// entryLocked: an entry that is locked on its own is seen before anything
// prompts; others of the same collection are not held up by it.
func entryLocked(t *testing.T) {
	conn, err := dbus.ConnectSessionBus()
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close() //nolint:errcheck // the bus ends with the scenario
	const get, collection = "org.freedesktop.DBus.Properties", "org.freedesktop.Secret.Collection"
	o := oneEntry{prompts: &atomic.Int32{}}
	for _, err := range []error{
		conn.Export(properties{"Collections": []dbus.ObjectPath{fakeCollection}}, fakeSecrets, get),
		conn.Export(o, fakeSecrets, "org.freedesktop.Secret.Service"),
		conn.Export(properties{"Locked": false}, fakeCollection, get),
		conn.Export(o, fakeCollection, collection),
		conn.Export(properties{"Locked": true}, fakeItem, get),
	} {
		if err != nil {
			t.Fatal(err)
		}
	}
	if _, err := conn.RequestName("org.freedesktop.secrets", dbus.NameFlagDoNotQueue); err != nil {
		t.Fatal(err)
	}
	k := credential.NewKeyring(service)
	quiet := credential.WithoutPrompt(t.Context())
	if _, err := k.Get(quiet, "reference"); !errors.Is(err, credential.ErrLocked) {
		t.Errorf("the locked entry: %v, want ErrLocked", err)
	}
	if err := k.Delete(quiet, "reference"); !errors.Is(err, credential.ErrLocked) {
		t.Errorf("its deletion: %v, want ErrLocked", err)
	}
	if _, err := k.Get(quiet, "another"); errors.Is(err, credential.ErrLocked) {
		t.Errorf("an entry that is not there: %v", err)
	}
	if n := o.prompts.Load(); n != 0 {
		t.Errorf("%d prompts although nobody sits there", n)
	}
}
