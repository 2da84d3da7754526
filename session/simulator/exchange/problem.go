package exchange

import (
	"cmp"
	"fmt"
	"strings"

	"postroom/session/psrp"
)

// The categories of errors (System.Management.Automation.ErrorCategory).
const (
	categoryNotSpecified     = 0
	categoryInvalidArgument  = 5
	categoryInvalidData      = 6
	categoryInvalidOperation = 7
	categoryObjectNotFound   = 13
	categoryStopped          = 14
	categoryParserError      = 17
	categoryResourceExists   = 20
	categoryWriteError       = 23
)

// categories are their names; the others are called NotSpecified.
var categories = map[int32]string{
	categoryInvalidArgument: "InvalidArgument", categoryInvalidData: "InvalidData", categoryInvalidOperation: "InvalidOperation", categoryObjectNotFound: "ObjectNotFound",
	categoryStopped: "OperationStopped", categoryParserError: "ParserError", categoryResourceExists: "ResourceExists", categoryWriteError: "WriteError",
}

// newProblem makes an error as PowerShell describes it.
func newProblem(category int32, id, exception, activity, target, targetType, message string) *psrp.RemoteError {
	reason := exception[strings.LastIndexByte(exception, '.')+1:]
	return &psrp.RemoteError{
		Message: message, FullyQualifiedID: id, Category: category, CategoryReason: reason, CategoryActivity: activity,
		CategoryTarget: target, CategoryTargetType: targetType, Target: target,
		CategoryText:  fmt.Sprintf("%s: (%s:%s) [%s], %s", cmp.Or(categories[category], "NotSpecified"), target, targetType, activity, reason),
		ExceptionType: exception, ExceptionText: exception + ": " + message,
	}
}

const automation = "System.Management.Automation."

func commandNotFound(name string) *psrp.RemoteError {
	return newProblem(categoryObjectNotFound, "CommandNotFoundException", automation+"CommandNotFoundException", "", name, "String",
		fmt.Sprintf("The term '%s' is not recognized as the name of a cmdlet, function, script file, or operable program. Check the spelling of the name, or if a path was included, verify that the path is correct and try again.", name))
}

// ScriptsNotAllowed refuses a script: sessions are without a language.
func ScriptsNotAllowed(script string) *psrp.RemoteError {
	return newProblem(categoryParserError, "ScriptsNotAllowed", automation+"ParseException", "", script, "String",
		"The syntax is not supported by this runspace. This can occur if the runspace is in no-language mode.")
}

const missingMandatory = "MissingMandatoryParameter"

// bindings are PowerShell's texts by the ids of errors.
var bindings = map[string]string{
	"NamedParameterNotFound":      "A parameter cannot be found that matches parameter name '%s'.",
	"PositionalParameterNotFound": "A positional parameter cannot be found that accepts argument '%s'.",
	"AmbiguousParameter":          "Parameter cannot be processed because the parameter name '%s' is ambiguous. Possible matches include: %s.",
	"ParameterAlreadyBound":       "Cannot bind parameter because parameter '%s' is specified more than once. To provide multiple values to parameters that can accept multiple values, use the array syntax. For example, \"-parameter value1,value2,value3\".",
	"AmbiguousParameterSet":       "Parameter set cannot be resolved using the specified named parameters.",
	missingMandatory:              "Cannot process command because of one or more missing mandatory parameters: %s.",
}

// bindingProblem is why PowerShell cannot give the arguments to the parameters: an
// id and what goes into its text.
func bindingProblem(activity, id string, about ...any) *psrp.RemoteError {
	return newProblem(categoryInvalidArgument, id+","+activity, automation+"ParameterBindingException", activity, "", "", fmt.Sprintf(bindings[id], about...))
}

func invalidArgument(activity, name, why string) *psrp.RemoteError {
	return newProblem(categoryInvalidData, "ParameterArgumentValidationError,"+activity, automation+"ParameterBindingValidationException", activity, "", "",
		fmt.Sprintf("Cannot validate argument on parameter '%s'. %s", name, why))
}

// untransformed is an argument that cannot be converted: why, as .NET says it.
func untransformed(activity, name, text, netType, why string) *psrp.RemoteError {
	if why != "" {
		why = fmt.Sprintf(" Error: \"%s\"", why)
	}
	return unconverted(activity, name, fmt.Sprintf("Cannot convert value \"%s\" to type \"%s\".%s", text, netType, why))
}

func unconverted(activity, name, why string) *psrp.RemoteError {
	return newProblem(categoryInvalidData, "ParameterArgumentTransformationError,"+activity, automation+"ParameterBindingArgumentTransformationException", activity, "", "",
		fmt.Sprintf("Cannot process argument transformation on parameter '%s'. %s", name, why))
}

// Problem makes an error that no cmdlet has made.
func Problem(category int32, id, exception, message string) *psrp.RemoteError {
	return newProblem(category, id, exception, "", "", "", message)
}

// exchangeProblem is an error of an Exchange cmdlet: its id has the prefix by
// which Microsoft's support finds it.
func (x *execution) exchangeProblem(category int32, exception, target, message string) *psrp.RemoteError {
	reason := exception[strings.LastIndexByte(exception, '.')+1:]
	id := fmt.Sprintf("%s [FailureCategory=Cmdlet-%s] %08X,%s", x.prefix(message), reason, uint32(hash(x.def.task+reason)), x.def.task)
	targetType := ""
	if target != "" {
		targetType = "String"
	}
	e := newProblem(category, id, exception, x.def.name, target, targetType, message)
	e.CategoryActivity = x.def.name
	return e
}

// refusal is what the tables say of a cmdlet that refuses a row.
func (x *execution) refusal(s *settings, name string) *psrp.RemoteError {
	exception, text, _ := strings.Cut(s.texts["refusal"], " ")
	return x.exchangeProblem(categoryInvalidOperation, exception, name, strings.ReplaceAll(text, "%s", name))
}

func (x *execution) notFound(identity string) *psrp.RemoteError {
	return x.exchangeProblem(categoryNotSpecified, "Microsoft.Exchange.Configuration.Tasks.ManagementObjectNotFoundException", "",
		fmt.Sprintf("The operation couldn't be performed because object '%s' couldn't be found on '%s.EURPR06A014.PROD.OUTLOOK.EXAMPLE'.", identity, x.tenant.server))
}

func (x *execution) ambiguous(identity string) *psrp.RemoteError {
	return x.exchangeProblem(categoryInvalidData, "Microsoft.Exchange.Configuration.Tasks.ManagementObjectAmbiguousException", "",
		fmt.Sprintf("The operation couldn't be performed because '%s' matches multiple entries.", identity))
}

func (x *execution) exists(name, what string) *psrp.RemoteError {
	return x.exchangeProblem(categoryWriteError, "Microsoft.Exchange.Data.Directory.ADObjectAlreadyExistsException", name,
		fmt.Sprintf("The %s \"%s\" already exists. Please choose another name.", what, name))
}

// prefix begins Exchange's own texts: server, request and time.
func (x *execution) prefix(message string) string {
	return fmt.Sprintf("[Server=%s,RequestId=%s,TimeStamp=%s]", x.tenant.server, GUID(message), x.call.Now.UTC().Format("1/2/2006 3:04:05 PM"))
}
