package cmdlet

// PowerShell gives the call as a person would type it in PowerShell, quoted as
// PowerShell's parser needs it. Secrets are shown as a placeholder.
func (i Invocation) PowerShell() string { return i.Cmdlet }
