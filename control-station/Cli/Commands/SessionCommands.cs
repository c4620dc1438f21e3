using System.CommandLine;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using VSan.Contracts.Api;

namespace VSan.Cli.Commands;

/// <summary><c>login</c> and <c>logout</c>.</summary>
internal static class SessionCommands
{
    private static readonly Option<Uri> Server = new("--server")
    {
        Description = "The station's address, https://NAME:PORT.",
        HelpName = "URL",
        Required = true,
        CustomParser = result =>
        {
            if (Uri.TryCreate(result.Tokens[0].Value, UriKind.Absolute, out Uri? uri) && uri.Scheme == Uri.UriSchemeHttps) return uri;
            result.AddError($"'{result.Tokens[0].Value}' is not an https address. Write https://NAME:PORT.");
            return null;
        },
    };

    private static readonly Option<string> CaFile = new("--ca-file")
    {
        Description = "The station's CA certificate (ca.crt in its state directory). Nothing else is trusted.",
        HelpName = "FILE",
        Required = true,
    };

    private static readonly Option<string> User = new("--user") { Description = "User name. Default admin.", HelpName = "NAME", DefaultValueFactory = _ => "admin" };

    private static readonly Option<string?> PasswordFile = new("--password-file")
    {
        Description = "Read the password from the first line of this file; '-' is standard input.",
        HelpName = "FILE",
    };

    private static readonly Option<string?> AuthenticatorCode = new("--code") { Description = "The six digits that your authenticator shows, if you have one.", HelpName = "DIGITS" };

    /// <summary>Adds the verbs.</summary>
    public static void AddTo(Command parent, CommandRunner run)
    {
        parent.Add(run.Command("login", """
            Sign in to a station and remember it.

            The password comes from --password-file, else from $VSAN_PASSWORD, else it is asked for.
            The session is saved in $VSAN_CONFIG, or ~/.config/vsan/config.json, readable by you alone.

            Examples:
              vsan login --server https://station:8443 --ca-file ca.crt
              vsan login --server https://station:8443 --ca-file ca.crt --user ops --password-file secret --context lab
            """, LogInAsync, Server, CaFile, User, PasswordFile, AuthenticatorCode));
        parent.Add(run.Command("logout", "End the session on the station and forget it here.", LogOutAsync));
    }

    private static async Task LogInAsync(Invocation invocation)
    {
        X509Certificate2 ca = LoadCa(invocation.Get(CaFile)!);
        Uri server = invocation.Get(Server)!;
        var request = new SessionCreate(invocation.Get(User)!, Password(invocation), invocation.Get(AuthenticatorCode));
        using var api = new ApiClient(server, ApiClient.Trusting(ca), bearerToken: null);
        SessionCreated session = await StartAsync(invocation, api, request).ConfigureAwait(false);
        string name = invocation.Get(GlobalOptions.Context) ?? SavedContexts.DefaultName;
        string path = invocation.Environment.ConfigurationPath;
        var context = new SavedContext(name, server, ca.ExportCertificatePem(), session.UserName, session.BearerToken, session.ExpiresAt);
        SavedContexts.Load(path).With(context).Save(path);
        invocation.Output.WriteSentence($"Signed in to {server.GetLeftPart(UriPartial.Authority)} as {session.UserName} until {session.ExpiresAt:u}.");
    }

    // "Sign in first" is no help to somebody who is doing just that.
    private static async Task<SessionCreated> StartAsync(Invocation invocation, ApiClient api, SessionCreate request)
    {
        try
        {
            return await api.PostAsync<SessionCreate, SessionCreated>("sessions", request, TimeSpan.Zero, invocation.Cancellation).ConfigureAwait(false);
        }
        catch (CommandFailure failure) when (failure.Code == "code-required" && request.Code is null)
        {
            if (!invocation.Environment.CanAsk)
                throw new CommandFailure(ExitCode.Denied, $"{request.UserName} signs in with a code of an authenticator too.", "Add --code DIGITS.");
            invocation.Environment.Error.Write("Code of the authenticator: ");
            string code = invocation.Environment.Input.ReadLine()?.Trim() ?? string.Empty;
            return await StartAsync(invocation, api, request with { Code = code }).ConfigureAwait(false);
        }
        catch (CommandFailure failure) when (failure.ExitCode == ExitCode.Denied)
        {
            throw new CommandFailure(ExitCode.Denied, $"{request.UserName} is not signed in: the station refused the user name, the password or the code.", "Check them and try again.");
        }
    }

    private static async Task LogOutAsync(Invocation invocation)
    {
        SavedContext context = invocation.Context();
        string path = invocation.Environment.ConfigurationPath;
        try
        {
            await invocation.Api.DeleteAsync("sessions/current", invocation.Cancellation).ConfigureAwait(false);
        }
        catch (CommandFailure failure) when (failure.ExitCode is ExitCode.Denied or ExitCode.Unavailable)
        {
            // Forgotten here all the same; a session that the station still knows ends by itself.
            invocation.Environment.Error.WriteLine($"vsan: the station did not end the session ({failure.Message}); it expires {context.ExpiresAt:u}.");
        }

        SavedContexts.Load(path).Without(context).Save(path);
        invocation.Output.WriteSentence($"Signed out of {context.Server.GetLeftPart(UriPartial.Authority)}.");
    }

    private static X509Certificate2 LoadCa(string file)
    {
        try
        {
            return X509CertificateLoader.LoadCertificateFromFile(file);
        }
        catch (Exception failure) when (failure is CryptographicException or IOException or UnauthorizedAccessException)
        {
            throw new CommandFailure(ExitCode.Usage, $"The CA file cannot be read: {failure.Message}", "It is a certificate in PEM or DER, ca.crt in the station's state directory.");
        }
    }

    private static string Password(Invocation invocation)
    {
        CommandEnvironment environment = invocation.Environment;
        if (invocation.Get(PasswordFile) is { } file)
        {
            using TextReader? opened = file == "-" ? null : File.OpenText(file);
            return (opened ?? environment.Input).ReadLine()
                ?? throw new CommandFailure(ExitCode.Usage, $"There is no password in {file}.");
        }

        if (environment.Variable("VSAN_PASSWORD") is { Length: > 0 } password) return password;
        if (!environment.CanAsk)
            throw new CommandFailure(ExitCode.Usage, "There is no password, and nobody to ask for it.", "Give --password-file FILE or set VSAN_PASSWORD.");
        environment.Error.Write($"Password of {invocation.Get(User)}: ");
        return environment.ReadPassword();
    }
}
