using System.CommandLine;
using System.CommandLine.Parsing;
using System.Net;
using VSan.Station.Enrolment;
using VSan.Station.State;

namespace VSan.Station.Verbs;

/// <summary>The command line: <c>init</c>, <c>run</c>, and the care of the state. Exit codes: 0 ended well, 1 could not start or go on, 2 wrong arguments.</summary>
internal static class StationCommand
{
    private const int Failed = 1;
    private const int WrongArguments = 2;
    private const string FileName = "FILE";

    public static async Task<int> RunAsync(string[] args)
    {
        ParseResult parsed = Root().Parse(args);
        if (parsed.Errors.Count > 0)
        {
            foreach (ParseError error in parsed.Errors) await Console.Error.WriteLineAsync($"vsan-station: {error.Message}");
            return WrongArguments;
        }

        try
        {
            return await parsed.InvokeAsync(new InvocationConfiguration { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = null });
        }
        catch (StationException exception)
        {
            await Console.Error.WriteLineAsync($"vsan-station: {exception.Message}");
            return Failed;
        }
    }

    private static RootCommand Root()
    {
        RootCommand root = new("The control station of a VSan Appliance pool.");
        root.Subcommands.Add(Init());
        root.Subcommands.Add(Run());
        root.Subcommands.Add(Audit());
        root.Subcommands.Add(Backup());
        root.Subcommands.Add(Restore());
        root.Subcommands.Add(Doctor());
        return root;
    }

    private static Command Init()
    {
        Option<string> state = State();
        Option<string> name = new("--name") { Description = "Name of the pool.", DefaultValueFactory = _ => "pool" };
        Option<string[]> addresses = new("--address") { Description = "Name or address that clients reach the station by; repeatable.", AllowMultipleArgumentsPerToken = true };
        name.Validators.Add(result => Check(result, result.GetValueOrDefault<string>() is { Length: >= 1 and <= 40 }, "1 to 40 characters"));
        addresses.Validators.Add(result => Check(result, result.GetValueOrDefault<string[]>()!.All(IsHost), "host names or IP addresses without a port"));
        Command init = new("init", "Makes the state directory, the CA and the first administrator; prints the sign-in once, as JSON.") { state, name, addresses };
        init.SetAction((parsed, cancellationToken) => InitVerb.RunAsync(
            parsed.GetRequiredValue(state), parsed.GetRequiredValue(name), parsed.GetValue(addresses) ?? [], Console.Out, cancellationToken));
        return init;
    }

    private static Command Run()
    {
        Option<string> state = State();
        Option<IPEndPoint> listen = EndPoint("--listen", "ADDRESS:PORT of HTTPS: API, web OS and enrolment.");
        Option<IPEndPoint> link = EndPoint("--link", "ADDRESS:PORT that units dial.");
        Option<int> rate = new("--enrolment-rate")
        {
            Description = "Startup packets that one address may send each second; raise it when many units join from behind one gateway.",
            DefaultValueFactory = _ => EnrolmentRate.PerSecondDefault,
        };
        rate.Validators.Add(result => Check(result, result.GetValueOrDefault<int>() is > 0 and <= 1_000_000, "1 to 1000000"));
        Option<bool> announce = new("--announce") { Description = "Answer units that look for a station by multicast DNS (_vsan-station._tcp)." };
        Option<string?> signers = new("--image-signers") { Description = "File of certificates, PEM: whose images of the appliance are believed. Without it none is taken." };
        Command run = new("run", "Serves until SIGTERM.") { state, listen, link, rate, announce, signers };
        run.SetAction((parsed, cancellationToken) => RunVerb.RunAsync(
            parsed.GetRequiredValue(state), parsed.GetRequiredValue(listen), parsed.GetRequiredValue(link), parsed.GetValue(rate), parsed.GetValue(announce), parsed.GetValue(signers), Console.Out, cancellationToken));
        return run;
    }

    private static Command Audit()
    {
        Option<string> database = new("--database") { Description = "A database file: a copy, a backup, or station.db of a station that does not run.", Required = true };
        Option<long?> number = new("--number") { Description = "A line that was noted earlier; with --hash." };
        Option<string?> hash = new("--hash") { Description = "The hash that was noted for it." };
        Command verify = new("verify", "Checks the chain of the audit log of a database file; exit code 1 when it is broken.") { database, number, hash };
        verify.SetAction((parsed, cancellationToken) => AuditVerb.RunAsync(
            parsed.GetRequiredValue(database), parsed.GetValue(number), parsed.GetValue(hash), Console.Out, cancellationToken));
        return new Command("audit", "The audit log.") { verify };
    }

    private static Command Backup()
    {
        Option<string> state = State();
        Option<string?> passphrase = PassphraseFile();
        Option<bool> withoutKeys = new("--without-keys") { Description = "Leave the keys out; the file says so, and a restore needs them from elsewhere." };
        Command backup = new("backup", "Writes one file that brings the station back on another machine. The station may run meanwhile.") { File("Where to."), state, passphrase, withoutKeys };
        backup.SetAction((parsed, _) => BackupVerb.RunAsync(
            parsed.GetRequiredValue<string>(FileName), parsed.GetRequiredValue(state), parsed.GetValue(passphrase), parsed.GetValue(withoutKeys), Console.Out, TimeProvider.System));
        return backup;
    }

    private static Command Restore()
    {
        Option<string> state = State();
        Option<string?> passphrase = PassphraseFile();
        Option<bool> yes = new("--yes") { Description = "Put it in the place of the station that is there; its database is set aside." };
        Command restore = new("restore", "Puts a backup, or a copy from the folder 'backups', in the place of the state. Verifies it first.") { File("A backup, or a copy of the database."), state, passphrase, yes };
        restore.SetAction((parsed, cancellationToken) => RestoreVerb.RunAsync(
            parsed.GetRequiredValue<string>(FileName), parsed.GetRequiredValue(state), parsed.GetValue(passphrase), parsed.GetValue(yes), Console.Out, TimeProvider.System, cancellationToken));
        return restore;
    }

    private static Command Doctor()
    {
        Option<string> state = State();
        Command doctor = new("doctor", "Examines the state directory and says what to do; changes nothing. Exit code 1 when something is an error.") { state };
        doctor.SetAction((parsed, _) => DoctorVerb.RunAsync(parsed.GetRequiredValue(state), Console.Out, TimeProvider.System));
        return doctor;
    }

    private static Argument<string> File(string description) => new(FileName) { Description = description };

    private static Option<string?> PassphraseFile() => new("--passphrase-file") { Description = "File whose first line is the passphrase of the keys." };

    private static Option<string> State() => new("--state") { Description = "State directory of the station.", Required = true };

    private static Option<IPEndPoint> EndPoint(string name, string description) => new(name)
    {
        Description = description,
        Required = true,
        CustomParser = result =>
        {
            string text = result.Tokens[0].Value;
            if (text.Contains(':', StringComparison.Ordinal) && IPEndPoint.TryParse(text, out IPEndPoint? endPoint)) return endPoint;
            result.AddError($"{name} takes ADDRESS:PORT, for example 127.0.0.1:8443; '{text}' is not one.");
            return null;
        },
    };

    private static bool IsHost(string text) => Uri.CheckHostName(text) != UriHostNameType.Unknown;

    private static void Check(OptionResult result, bool isGood, string wanted)
    {
        if (!isGood) result.AddError($"{result.Option.Name} takes {wanted}.");
    }
}
