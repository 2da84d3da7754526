package cmdlet

// ParseArguments reads the arguments of a command line, CMDLET [-Parameter [VALUE]]...,
// as the operating system's shell hands them over: args[0] is the cmdlet. With c the
// description decides what an argument means; with c nil the text does. Errors are
// *[BindError], joined.
func ParseArguments(args []string, c *Cmdlet) (Invocation, error) {
	return Invocation{}, nil
}
