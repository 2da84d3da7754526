package cmdlet

// commonParameters are accepted by every cmdlet, whether its description has them or not.
var commonParameters = []Parameter{
	{Name: "Verbose", Kind: SwitchKind, Aliases: []string{"vb"}, Position: -1},
	{Name: "Debug", Kind: SwitchKind, Aliases: []string{"db"}, Position: -1},
	{Name: "ErrorAction", Aliases: []string{"ea"}, Position: -1},
	{Name: "WarningAction", Aliases: []string{"wa"}, Position: -1},
	{Name: "InformationAction", Aliases: []string{"infa"}, Position: -1},
	{Name: "ProgressAction", Aliases: []string{"proga"}, Position: -1},
	{Name: "ErrorVariable", Aliases: []string{"ev"}, Position: -1},
	{Name: "WarningVariable", Aliases: []string{"wv"}, Position: -1},
	{Name: "InformationVariable", Aliases: []string{"iv"}, Position: -1},
	{Name: "OutVariable", Aliases: []string{"ov"}, Position: -1},
	{Name: "OutBuffer", Type: "System.Int32", Aliases: []string{"ob"}, Position: -1},
	{Name: "PipelineVariable", Aliases: []string{"pv"}, Position: -1},
	{Name: "WhatIf", Kind: SwitchKind, Aliases: []string{"wi"}, Position: -1},
	{Name: "Confirm", Kind: SwitchKind, Aliases: []string{"cf"}, Position: -1},
}

// IsCommon says that a name or alias is of a parameter that every cmdlet has.
func IsCommon(name string) bool {
	_, ok := Cmdlet{Parameters: commonParameters}.Parameter(name)
	return ok
}
