package text

// AWSCLI holds what `aws` says in awslab's own words: its help, and what it does
// not do. All else that it prints is the AWS CLI's.
type AWSCLI struct {
	About, Commands, Service, CommonOptions, More string // of "aws help"
	Version, Subcommands                          string // of "aws SERVICE help"
	Options, Required, OutFile, Blob              string // of "aws SERVICE OPERATION help"
	Answer, Nothing                               string
	ConfigureHelp, Configure, ConfigureNothing    string // of "aws configure"
	NoCommand, NoOutput                           string // what the AWS CLI has and awslab has not
}

func englishAWSCLI() AWSCLI {
	return AWSCLI{
		About: "The AWS CLI's commands, carried out by awslab.", Commands: "Commands", Service: "{service}, {count} operations",
		CommonOptions: "Options of every command", More: "More",
		Version: "{service}, API version {version}.", Subcommands: "Subcommands",
		Options: "Options", Required: "required", OutFile: "file: where the answer's body goes", Blob: "blob: fileb://PATH, or base64",
		Answer: "Answer", Nothing: "nothing is printed",
		ConfigureHelp: `aws configure list             where region and keys come from
aws configure get NAME         one value: region, output, aws_access_key_id
aws configure list-profiles    the profiles

awslab gives region and keys itself; there is nothing to set.
`,
		Configure:        "awslab gives region and keys itself; use aws configure list or aws configure get NAME",
		ConfigureNothing: "aws configure {subcommand} changes nothing here: awslab gives region and keys itself; use aws configure list or aws configure get NAME",
		NoCommand:        "awslab's aws has no {command}: it carries out {commands}.\nThe AWS CLI itself has it, against an AWS account.",
		NoOutput:         "awslab's aws prints json, text and table, not {output}",
	}
}
