//go:build !windows

package atomicfile_test

import "syscall"

// full is a device whose disk is always full.
const full = "/dev/full"

var errFull error = syscall.ENOSPC
