package simulator

import "postroom/session/cmdlet"

// newCatalogue makes all cmdlets of the server.
func newCatalogue(c *classes) *catalogue {
	all := &catalogue{byName: map[string]*definition{}}
	all.addShellCmdlets()
	all.addRecipientCmdlets(c)
	all.addGroupCmdlets(c)
	all.addRuleCmdlets(c)
	all.addConnectorCmdlets(c)
	all.addMessageCmdlets(c)
	all.addQuarantineCmdlets(c)
	all.addPolicyCmdlets(c)
	all.addOrganizationCmdlets(c)
	return all
}

func metas(list []*definition) []cmdlet.Cmdlet {
	metas := make([]cmdlet.Cmdlet, len(list))
	for i, d := range list {
		metas[i] = d.meta
	}
	return metas
}

// getter is a definition that lists.
func getter(task string, l *lister) definition {
	return definition{task: task, run: l.get}
}

// plainGet is a Get- cmdlet of a configuration class: -Identity alone.
func (all *catalogue) plainGet(c *class, typeName string, conditions ...condition) *view {
	v := newView(c, "", "Microsoft.Exchange.Data.Directory.SystemConfiguration."+typeName, "Microsoft.Exchange.Data.Directory.ADObject")
	all.add("Get-"+c.name, "Lists "+c.name+" objects.", "Identity id:"+c.name+" 0 pipe in:Identity", getter("Microsoft.Exchange.Management.SystemConfigurationTasks.Get"+c.name, &lister{views: []*view{v}, conditions: conditions}))
	return v
}
