package text

// AWSCLI holds what "aws help" says in awslab's own words. All else that `aws`
// prints is the AWS CLI's.
type AWSCLI struct {
	About, Commands, Service, CommonOptions, More string // of "aws help"
	Version, Subcommands                          string // of "aws SERVICE help"
	Options, Required, OutFile, Blob              string // of "aws SERVICE OPERATION help"
	Answer, Nothing                               string
}

func englishAWSCLI() AWSCLI {
	return AWSCLI{
		About: "The AWS CLI's commands, carried out by awslab.", Commands: "Commands", Service: "{service}, {count} operations",
		CommonOptions: "Options of every command", More: "More",
		Version: "{service}, API version {version}.", Subcommands: "Subcommands",
		Options: "Options", Required: "required", OutFile: "file: where the answer's body goes", Blob: "blob: fileb://PATH, or base64",
		Answer: "Answer", Nothing: "nothing is printed",
	}
}
