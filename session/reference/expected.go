package reference

// Expected is what Microsoft's pages say of the values of a cmdlet's parameter: all that it
// takes, none where it takes others too, and the least number, "" where there is none. Both
// are no rule: a service may know better.
func (r *Reference) Expected(cmdlet, parameter string) (choices []string, least string) {
	c, _ := r.Cmdlet(cmdlet)
	p, found := c.Parameter(parameter)
	if !found {
		return nil, ""
	}
	if !p.Choices.Open {
		choices = p.Choices.Values
	}
	return choices, p.Limits.Least
}
