package atomicfile

import "syscall"

// hasAccessList says that a file has rights for named users or groups beside those of
// chmod, which a new file would not have.
func hasAccessList(name string) bool {
	n, err := syscall.Getxattr(name, "system.posix_acl_access", nil)
	return err == nil && n > 0
}
