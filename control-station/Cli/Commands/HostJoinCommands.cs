using System.CommandLine;
using VSan.Contracts.Api;
using VSan.Contracts.Enrolment;
using Host = VSan.Contracts.Api.Host;

namespace VSan.Cli.Commands;

/// <summary><c>host enroll-token</c>, <c>host join</c> and <c>host revoke</c>.</summary>
internal static class HostJoinCommands
{
    private static readonly Argument<string> Name = new("HOST") { Description = "Name or id of a host." };
    private static readonly Argument<string?> ForHost = new("HOST") { Description = "The host that is to join; without it each member that proves the token becomes a new host.", Arity = ArgumentArity.ZeroOrOne };
    private static readonly Option<int> Uses = new("--uses") { Description = "Without HOST: how many hosts it admits. Default 1.", HelpName = "N", DefaultValueFactory = _ => 1 };
    private static readonly Option<TimeSpan> Lifetime = GlobalOptions.OfDuration("--lifetime", "How long it admits hosts. Default 3h.", TimeSpan.FromHours(3));

    private static readonly Option<string> Folder = new("--dir") { Description = "Where key and certificate are kept, readable by nobody else.", HelpName = "DIR", Required = true };
    private static readonly HostJoin Joining = new(Folder);

    private static readonly Column<TokenCreated>[] TokenColumns =
    [
        new("TOKEN", t => t.Secret),
        new("CA FINGERPRINT", t => t.CaFingerprint),
        new("USES", t => $"{t.Token.UsesMax}"),
        new("EXPIRES", t => Text.Of(t.Token.ExpiresAt)),
    ];

    /// <summary><c>enroll-token</c>.</summary>
    public static Command EnrollToken(CommandRunner run) => run.Command("enroll-token", """
        Make a token by which a host joins and gets a certificate to ask for itself. Its secret is shown this once.

        Examples:
          vsan host enroll-token db1 -o name > token
          vsan host enroll-token --uses 20 --lifetime 7d
        """, EnrollTokenAsync, ForHost, Uses, Lifetime);

    /// <summary><c>join</c>.</summary>
    public static Command Join(CommandRunner run) => run.OwnMachineCommand("join", """
        Join the pool as a host, on the host itself: a key is made in --dir, and the station's certificate for it is put beside it. With
        'vsan --certificate DIR' the host then asks for itself. Run again on the same directory it gets the next certificate; each is good
        for 30 days.

        Examples:
          vsan host join --dir /etc/vsan/host --station https://station:8443 --ca-fingerprint sha256:… --token-file token
          vsan --certificate /etc/vsan/host volume create data --size 10GiB --wait
        """, JoinAsync, [.. Joining.Options]);

    /// <summary><c>revoke</c>.</summary>
    public static Command Revoke(CommandRunner run) => run.Command("revoke", "Take a host's certificate from it, at once. Its volumes and mappings stay.", RevokeAsync, Name);

    private static async Task EnrollTokenAsync(Invocation invocation)
    {
        Host? host = invocation.Get(ForHost) is { } name ? await invocation.FindAsync(HostCommands.Hosts, name).ConfigureAwait(false) : null;
        TokenCreate request = new(AutoApprove: true, invocation.Get(Uses), (long)invocation.Get(Lifetime).TotalSeconds) { Kind = MemberKind.Host, HostId = host?.Id };
        TokenCreated created = await invocation.Api.PostAsync<TokenCreate, TokenCreated>("tokens", request, TimeSpan.Zero, invocation.Cancellation).ConfigureAwait(false);
        invocation.Output.WriteOne(TokenColumns, t => t.Secret, created);
    }

    private static async Task JoinAsync(Invocation invocation) =>
        invocation.Output.WriteSentence(await Joining.RunAsync(invocation.Arguments, invocation.AskSecret, invocation.Cancellation).ConfigureAwait(false));

    private static async Task RevokeAsync(Invocation invocation)
    {
        Host host = await invocation.FindAsync(HostCommands.Hosts, invocation.Get(Name)).ConfigureAwait(false);
        await invocation.Api.PostAsync<Host>($"hosts/{host.Id}:revoke-certificate", TimeSpan.Zero, invocation.Cancellation).ConfigureAwait(false);
        invocation.Output.WriteSentence(host.EnrolledAt is null ? $"Host {host.Name} has no certificate." : $"The certificate of host {host.Name} opens nothing any more.");
    }
}
