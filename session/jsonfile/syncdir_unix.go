//go:build !windows

package jsonfile

import (
	"errors"
	"os"
	"syscall"
)

// syncDir makes a rename in dir durable. Some network file systems cannot sync
// a folder and say EINVAL or ENOTSUP; the rename itself stands all the same.
func syncDir(dir string) error {
	d, err := os.Open(dir)
	if err != nil {
		return err
	}
	err = d.Sync()
	if errors.Is(err, syscall.EINVAL) || errors.Is(err, syscall.ENOTSUP) {
		err = nil
	}
	return errors.Join(err, d.Close())
}
