package endpoint

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"

	"postroom/session/jsonfile"
)

// LostError is a list of the person's that could not be read. What they had set in it, such
// as that nothing may be changed for a tenant, is not known until they say that the list is
// right as it is now (Confirm).
type LostError struct {
	Path string // of the list
	Kept string // where the unreadable one is; Path while it is still there
}

// Error names both.
func (e *LostError) Error() string {
	return fmt.Sprintf("endpoint: %s could not be read, and nobody has said yet that it is right without what is in %s", e.Path, filepath.Base(e.Kept))
}

// Lost gives the names of the list and of what is kept of it.
func (e *LostError) Lost() (list, kept string) { return filepath.Base(e.Path), filepath.Base(e.Kept) }

// peek reads a list as its file has it now into v. It gives *LostError while one that could
// not be read is missed.
func peek(path string, version int, v any) error {
	err := jsonfile.Peek(path, version, v)
	if errors.Is(err, jsonfile.ErrUnreadable) {
		return &LostError{Path: path, Kept: path}
	}
	if err != nil {
		return err
	}
	aside, err := jsonfile.Aside(path)
	if err == nil && len(aside) > 0 {
		err = &LostError{Path: path, Kept: aside[len(aside)-1]}
	}
	return err
}

// ReadOnly gives the tenants for which nothing but reading may be sent, as the file has
// them at this moment: another window may have set one since. It gives *LostError where
// nobody knows them all.
func (t *Tenants) ReadOnly() ([]Tenant, error) {
	var list, marked []Tenant
	if err := peek(t.path, tenantsVersion, &list); err != nil {
		return nil, err
	}
	for _, x := range list {
		if x.ReadOnly {
			marked = append(marked, x)
		}
	}
	return marked, nil
}

// Lost gives *LostError while a list that could not be read is missed.
func (t *Tenants) Lost() error {
	_, err := t.ReadOnly()
	return err
}

// Confirm says that the list is right without what was in one that could not be read.
func (t *Tenants) Confirm(ctx context.Context) error {
	if err := t.update(ctx, func(*[]Tenant) error { return nil }); err != nil { // one that cannot be read at this moment is set aside
		return err
	}
	return jsonfile.Accept(t.path)
}

// Lost gives *LostError while a list of endpoints that could not be read is missed: with
// it went limits, proxies and certificate authorities of the person's own.
func (d *Directory) Lost() error {
	var now directoryFile
	return peek(d.path, directoryVersion, &now)
}

// Confirm says that the list is right without what was in one that could not be read.
func (d *Directory) Confirm(ctx context.Context) error {
	if err := d.update(ctx, func(*directoryFile) error { return nil }); err != nil {
		return err
	}
	err := jsonfile.Accept(d.path)
	d.mu.Lock()
	defer d.mu.Unlock()
	d.lost = err != nil
	return err
}
