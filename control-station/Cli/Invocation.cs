using System.CommandLine;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace VSan.Cli;

/// <summary>One run of one command: its arguments, its surroundings, its connection to the station.</summary>
internal sealed class Invocation : IDisposable
{
    private ApiClient? _api;

    /// <summary>Reads the global options.</summary>
    public Invocation(ParseResult arguments, CommandEnvironment environment, CancellationToken cancellation)
    {
        Arguments = arguments;
        Environment = environment;
        Cancellation = cancellation;
        Output = new Output(environment.Output, Enum.Parse<OutputFormat>(arguments.GetRequiredValue(GlobalOptions.Output), ignoreCase: true));
    }

    /// <summary>The command line.</summary>
    public ParseResult Arguments { get; }

    /// <summary>The process around the command.</summary>
    public CommandEnvironment Environment { get; }

    /// <summary>Set by Ctrl+C.</summary>
    public CancellationToken Cancellation { get; }

    /// <summary>Where results go.</summary>
    public Output Output { get; }

    /// <summary>The station of the chosen context.</summary>
    public ApiClient Api => _api ??= Get(GlobalOptions.Certificate) is { } directory ? new HostMembership(directory).Connect(Get(GlobalOptions.DryRun)) : Connect(Context());

    /// <summary>Value of an argument.</summary>
    public T Get<T>(Argument<T> argument) => Arguments.GetRequiredValue(argument);

    /// <summary>Value of an option, or its default.</summary>
    public T? Get<T>(Option<T> option) => Arguments.GetValue(option);

    /// <summary>The saved context that was chosen.</summary>
    public SavedContext Context()
    {
        if (OfVariables() is { } given) return given;
        string? name = Get(GlobalOptions.Context);
        return SavedContexts.Load(Environment.ConfigurationPath).Find(name) ?? throw new CommandFailure(
            ExitCode.Denied,
            name is null ? "You are not signed in to a station." : $"There is no context named '{name}'.",
            "Sign in with 'vsan login --server URL --ca-file FILE'.");
    }

    /// <summary>Asks a person for a secret; from a pipe it is the next line.</summary>
    public string AskSecret(string question)
    {
        if (!Environment.CanAsk)
            return Environment.Input.ReadLine() ?? throw new CommandFailure(ExitCode.Usage, $"{question.TrimEnd(':', ' ')}: standard input has no more lines.");
        Environment.Error.Write(question);
        return Environment.ReadPassword();
    }

    /// <summary>Asks a person to type <paramref name="name"/> before it is destroyed.</summary>
    public void Confirm(string kind, string name)
    {
        if (!Environment.CanAsk)
            throw new CommandFailure(ExitCode.Usage, $"Deleting {kind} '{name}' destroys its data, and there is nobody to ask.", "Add --yes if that is what you want.");
        Environment.Error.Write($"This destroys {kind} '{name}' and all its data. Type its name to go on: ");
        if (Environment.Input.ReadLine() != name) throw new CommandFailure(ExitCode.Error, "That is another name. Nothing was deleted.");
    }

    /// <inheritdoc/>
    public void Dispose() => _api?.Dispose();

    // For programs that hold a token and no file of sessions.
    private SavedContext? OfVariables()
    {
        if (Get(GlobalOptions.Context) is not null || Environment.Variable("VSAN_SERVER") is not { Length: > 0 } server) return null;
        if (!Uri.TryCreate(server, UriKind.Absolute, out Uri? address) || address.Scheme != Uri.UriSchemeHttps)
            throw new CommandFailure(ExitCode.Usage, $"VSAN_SERVER is '{server}', which is not an https address.", "Write https://NAME:PORT.");
        if (Environment.Variable("VSAN_CA_FILE") is not { Length: > 0 } file)
            throw new CommandFailure(ExitCode.Usage, "VSAN_SERVER is set, and VSAN_CA_FILE is not.", "It names the station's CA certificate (ca.crt in its state directory); nothing else is trusted.");
        return new SavedContext("VSAN_SERVER", address, File.ReadAllText(file), UserName: string.Empty, BearerToken: string.Empty, DateTimeOffset.MaxValue);
    }

    private ApiClient Connect(SavedContext context)
    {
        try
        {
            X509Certificate2 ca = X509Certificate2.CreateFromPem(context.CaCertificate);
            string bearer = Environment.Variable("VSAN_TOKEN") is { Length: > 0 } token ? token : context.BearerToken;
            return new ApiClient(context.Server, ApiClient.Trusting(ca), bearer, Get(GlobalOptions.DryRun));
        }
        catch (CryptographicException damage)
        {
            throw new CommandFailure(ExitCode.Error, $"The CA certificate of context '{context.Name}' is damaged: {damage.Message}", "Sign in again with 'vsan login'.");
        }
    }
}
