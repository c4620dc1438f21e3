using System.CommandLine;
using VSan.Contracts.Api;
using Host = VSan.Contracts.Api.Host;

namespace VSan.Cli.Commands;

/// <summary><c>host rotate-secret</c>, <c>host secrets</c> and <c>host quota</c>.</summary>
internal static class HostSecretCommands
{
    private static readonly Argument<string> Name = new("HOST") { Description = "Name or id of a host." };
    private static readonly Option<int?> Overlap = new("--overlap-hours") { Description = "How long the former secrets admit as well. Default 168; 0 ends them at once.", HelpName = "HOURS" };
    private static readonly Option<int?> Every = new("--every-days") { Description = "Replace them at this age from now on; 0 ends that.", HelpName = "DAYS" };
    private static readonly Option<int?> VolumesMax = new("--volumes") { Description = "How many volumes it may have asked for.", HelpName = "N" };

    private static readonly Option<long?> BytesMax = new("--bytes")
    {
        Description = "Sum of the sizes of its volumes, and of what their snapshots are promised.",
        HelpName = "1TiB",
        CustomParser = result =>
        {
            if (!ByteSize.TryParse(result.Tokens[0].Value, out long bytes, out string error)) result.AddError(error);
            return bytes;
        },
    };

    private static readonly Column<HostSecret>[] SecretColumns =
    [
        new("UNIT", s => s.UnitName),
        new("MADE", s => Text.Of(s.MadeAt)),
        new("STATE", s => !s.Rotating ? "one secret" : s.AcceptedAt is null ? "waiting for the unit" : "both admitted"),
        new("FORMER UNTIL", s => Text.Of(s.FormerUntil)),
    ];

    private static readonly Column<HostQuota>[] QuotaColumns =
    [
        new("VOLUMES", q => $"{q.Volumes} of {(q.VolumesMax is { } max ? $"{max}" : "none")}"),
        new("BYTES", q => $"{ByteSize.Format(q.Bytes)} of {(q.BytesMax is { } max ? ByteSize.Format(max) : "none")}"),
    ];

    /// <summary><c>rotate-secret</c>.</summary>
    public static Command Rotate(CommandRunner run) => run.Command("rotate-secret", """
        Replace the CHAP secrets of a host on each of its units.

        Sessions that are logged in stay. Each unit admits the former and the new secret during the overlap; 'vsan connect-info' tells
        the new one as soon as the unit admits it.

        Examples:
          vsan host rotate-secret db1
          vsan host rotate-secret db1 --overlap-hours 0        (the former one is known to somebody)
          vsan host rotate-secret db1 --every-days 90
        """, RotateAsync, Name, Overlap, Every);

    /// <summary><c>secrets</c>.</summary>
    public static Command Show(CommandRunner run) =>
        run.Command("secrets", "Show where the replacement of a host's secrets stands. Shows no secret.", SecretsAsync, Name);

    /// <summary><c>quota</c>.</summary>
    public static Command Quota(CommandRunner run) => run.Command("quota", """
        Show or set how much a host may ask for by itself. Without a quota it may ask for nothing.

        Example:
          vsan host quota db1 --bytes 2TiB --volumes 20
        """, QuotaAsync, Name, BytesMax, VolumesMax);

    private static async Task RotateAsync(Invocation invocation)
    {
        Host host = await FindAsync(invocation).ConfigureAwait(false);
        SecretRotate request = new(invocation.Get(Overlap), invocation.Get(Every));
        Write(invocation, await invocation.Api.PostAsync<SecretRotate, HostSecrets>($"hosts/{host.Id}:rotate-secret", request, TimeSpan.Zero, invocation.Cancellation).ConfigureAwait(false));
    }

    private static async Task SecretsAsync(Invocation invocation)
    {
        Host host = await FindAsync(invocation).ConfigureAwait(false);
        Write(invocation, await invocation.Api.GetAsync<HostSecrets>($"hosts/{host.Id}/secrets", TimeSpan.Zero, invocation.Cancellation).ConfigureAwait(false));
    }

    private static async Task QuotaAsync(Invocation invocation)
    {
        Host host = await FindAsync(invocation).ConfigureAwait(false);
        HostQuota quota = (invocation.Get(BytesMax), invocation.Get(VolumesMax)) switch
        {
            (null, null) => await invocation.Api.GetAsync<HostQuota>($"hosts/{host.Id}/quota", TimeSpan.Zero, invocation.Cancellation).ConfigureAwait(false),
            ({ } bytes, { } volumes) => await invocation.Api.PutAsync<HostQuotaSpec, HostQuota>($"hosts/{host.Id}/quota", new HostQuotaSpec(bytes, volumes), invocation.Cancellation).ConfigureAwait(false),
            _ => throw new CommandFailure(ExitCode.Usage, "--bytes and --volumes come together.", "'vsan host quota --help' shows how it is used."),
        };
        invocation.Output.WriteOne(QuotaColumns, _ => host.Name, quota);
    }

    private static void Write(Invocation invocation, HostSecrets secrets)
    {
        if (invocation.Output.IsJson) invocation.Output.WriteJsonLine(secrets);
        else OutputTable.Write(invocation.Output.Writer, SecretColumns, secrets.Units);
    }

    private static Task<Host> FindAsync(Invocation invocation) => invocation.FindAsync(HostCommands.Hosts, invocation.Get(Name));
}
