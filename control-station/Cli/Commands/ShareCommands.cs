using System.CommandLine;
using VSan.Contracts.Api;
using Host = VSan.Contracts.Api.Host;

namespace VSan.Cli.Commands;

/// <summary><c>share</c>.</summary>
internal static class ShareCommands
{
    private static readonly Argument<string> Name = new("SHARE") { Description = "Name or id of a share." };

    private static readonly Argument<string> NewName = new("NAME") { Description = "A name that no other share of the project has." };

    private static readonly Option<long> Size = new("--size")
    {
        Description = "What it is promised, a multiple of 1 MiB. Nothing holds it back at this size; beyond it an alarm is raised.",
        HelpName = "10GiB",
        Required = true,
        CustomParser = result =>
        {
            if (!ByteSize.TryParse(result.Tokens[0].Value, out long bytes, out string error)) result.AddError(error);
            return bytes;
        },
    };

    private static readonly Option<string?> OnUnit = new("--unit") { Description = "Put it on this unit; without it the pool chooses.", HelpName = "UNIT" };
    private static readonly Option<string?> ForProject = new("--project") { Description = "Count it for this project. Default: default.", HelpName = "PROJECT" };
    private static readonly Option<string[]> OnLabels = LabelOptions.Option("Only on units with this label; may be repeated.");
    private static readonly Option<string?> ToHost = new("--host") { Description = "The host that is to use it.", HelpName = "HOST" };
    private static readonly Option<string?> ToUser = new("--user") { Description = "Whoever else is to use it, by any name.", HelpName = "NAME" };
    private static readonly MachineOption<string?> CertificateFile = new("--certificate-file") { Description = "Write the certificate that is to be believed to this file.", HelpName = "FILE" };
    private static readonly Option<bool> DryRun = new("--dry-run") { Description = "Say where it would go, and why, and make nothing." };
    private static readonly Option<bool> Wait = GlobalOptions.Wait();
    private static readonly Option<TimeSpan> Timeout = GlobalOptions.Timeout();
    private static readonly Option<bool> Yes = GlobalOptions.Yes();
    private static readonly Option<bool> Watch = GlobalOptions.Watch();

    /// <summary>Shares.</summary>
    public static Noun<Share, SharePage> Shares { get; } = new(
        "share", "shares", p => p.Items, p => p.NextCursor, items => new SharePage(items, null), s => s.Id.ToString(), s => s.Name,
        [
            new("NAME", s => s.Name),
            new("SIZE", s => ByteSize.Format(s.SizeBytes), Numeric: true),
            new("USED", s => s.UsedBytes is { } bytes ? ByteSize.Format(bytes) : "-", Numeric: true),
            new("STATE", s => s.State.ToWire()),
            new("UNIT", s => s.UnitName),
            new("URL", s => s.Url),
            new("USED BY", s => Text.Of(s.Bindings.Select(b => b.State == ShareBindingState.Active ? b.Holder : $"{b.Holder} ({b.State.ToWire()})"))),
            new("PROJECT", s => s.ProjectName, WideOnly: true),
            new("OWNER", s => s.Owner, WideOnly: true),
            new("CREATED", s => Text.Of(s.CreatedAt), WideOnly: true),
            new("ID", s => s.Id.ToString(), WideOnly: true),
        ])
    {
        ProjectOf = s => s.ProjectName,
    };

    private static readonly Column<ShareBound>[] BoundColumns =
    [
        new("USED BY", b => b.Binding.Holder),
        new("URL", b => b.Url),
        new("USER NAME", b => b.UserName),
        new("PASSWORD", b => b.Password),
    ];

    /// <summary>Adds the noun.</summary>
    public static void AddTo(Command parent, CommandRunner run) => parent.Add(new Command("share", "Shares: directories that hosts and people use over WebDAV.")
    {
        run.Command("create", """
            Make a share. It lies on one unit.

            Example:
              vsan share create papers --size 10GiB --wait
            """, CreateAsync, NewName, Size, OnUnit, ForProject, OnLabels, DryRun, Wait, Timeout),
        run.Command("list", "List the shares.", ListAsync, Watch),
        run.Command("show", "Show one share.", ShowAsync, Name, GlobalOptions.Project),
        run.Command("bind", """
            Let a host or a user in. The password is shown once and kept nowhere.

            Example:
              vsan share bind papers --user ann --certificate-file papers.pem --wait
              curl --cacert papers.pem --user USER:PASSWORD --upload-file a.txt URL
            """, BindAsync, Name, GlobalOptions.Project, ToHost, ToUser, CertificateFile, Wait, Timeout),
        run.Command("unbind", "Take a share from a host or a user. Its files stay.", UnbindAsync, Name, GlobalOptions.Project, ToHost, ToUser, Wait, Timeout),
        run.Command("delete", "Destroy a share with its files, at once. Nobody may be let in to it.", DeleteAsync, Name, GlobalOptions.Project, Yes, Wait, Timeout),
    });

    private static async Task CreateAsync(Invocation invocation)
    {
        Guid? unit = invocation.Get(OnUnit) is { } u ? (await invocation.FindAsync(UnitCommands.Units, u).ConfigureAwait(false)).Id : null;
        ShareCreate request = new(invocation.Get(NewName), invocation.Get(Size)) { Project = invocation.Get(ForProject), UnitId = unit, Labels = LabelOptions.Of(invocation.Get(OnLabels)) };
        if (invocation.Get(DryRun))
        {
            PlacementCommands.Show(invocation, "share", await invocation.Api.PostAsync<ShareCreate, PlacementExplanation>("shares:explain", request, TimeSpan.Zero, invocation.Cancellation).ConfigureAwait(false));
            return;
        }

        OperationStart start = OperationStart.Of(invocation, Wait, Timeout);
        ShareAccepted accepted = await invocation.Api.PostAsync<ShareCreate, ShareAccepted>("shares" + start.Query, request, start.Wait, invocation.Cancellation).ConfigureAwait(false);
        Share share = accepted.Share;
        if (await start.FinishAsync(accepted.Operation).ConfigureAwait(false))
            share = await invocation.Api.GetAsync<Share>($"shares/{share.Id}", TimeSpan.Zero, invocation.Cancellation).ConfigureAwait(false);
        invocation.Output.WriteOne(Shares, share);
    }

    private static Task ListAsync(Invocation invocation) =>
        invocation.WriteListAsync(Shares, invocation.Get(Watch), () => invocation.Api.ListByNameAsync(Shares, invocation.Cancellation));

    private static async Task ShowAsync(Invocation invocation) => invocation.Output.WriteOne(Shares, await FindAsync(invocation).ConfigureAwait(false));

    private static async Task BindAsync(Invocation invocation)
    {
        Share share = await FindAsync(invocation).ConfigureAwait(false);
        Host? host = invocation.Get(ToHost) is { } name ? await invocation.FindAsync(HostCommands.Hosts, name).ConfigureAwait(false) : null;
        OperationStart start = OperationStart.Of(invocation, Wait, Timeout);
        ShareBound bound = await invocation.Api.PostAsync<ShareBind, ShareBound>(
            $"shares/{share.Id}:bind{start.Query}", new ShareBind(host?.Id, invocation.Get(ToUser)), start.Wait, invocation.Cancellation).ConfigureAwait(false);
        // The password comes first: it is told once, and whatever happens to the operation it is not told again.
        invocation.Output.WriteOne(BoundColumns, b => b.Password, bound);
        if (invocation.Get(CertificateFile) is { } file) await File.WriteAllTextAsync(file, bound.Certificate, invocation.Cancellation).ConfigureAwait(false);
        await start.FinishAsync(bound.Operation).ConfigureAwait(false);
    }

    private static async Task UnbindAsync(Invocation invocation)
    {
        Share share = await FindAsync(invocation).ConfigureAwait(false);
        string holder = invocation.Get(ToHost) ?? invocation.Get(ToUser)
            ?? throw new CommandFailure(ExitCode.Usage, "Say from whom it is to be taken.", "Add --host HOST or --user NAME.");
        ShareBinding binding = share.Bindings.FirstOrDefault(b => b.Holder == holder && (b.HostId is null) == (invocation.Get(ToHost) is null))
            ?? throw new CommandFailure(ExitCode.NotFound, $"Share {share.Name} does not let '{holder}' in.", $"'vsan share show {share.Name}' shows whom it lets in.");
        OperationStart start = OperationStart.Of(invocation, Wait, Timeout);
        Operation operation = await invocation.Api.PostAsync<ShareRelease, Operation>(
            $"shares/{share.Id}:release{start.Query}", new ShareRelease(binding.Id), start.Wait, invocation.Cancellation).ConfigureAwait(false);
        bool ended = await start.FinishAsync(operation).ConfigureAwait(false);
        invocation.Output.WriteSentence($"Share {share.Name} {(ended ? "is" : "is being")} taken from {holder}.");
    }

    private static async Task DeleteAsync(Invocation invocation)
    {
        Share share = await FindAsync(invocation).ConfigureAwait(false);
        if (!invocation.Get(Yes)) invocation.Confirm("share", share.Name);
        OperationStart start = OperationStart.Of(invocation, Wait, Timeout);
        Operation operation = await invocation.Api.DeleteAsync<Operation>($"shares/{share.Id}{start.Query}", start.Wait, invocation.Cancellation).ConfigureAwait(false);
        bool ended = await start.FinishAsync(operation).ConfigureAwait(false);
        invocation.Output.WriteSentence(ended ? $"Share {share.Name} is deleted." : $"Share {share.Name} is being deleted.");
    }

    private static Task<Share> FindAsync(Invocation invocation) => invocation.FindAsync(Shares, invocation.Get(Name));
}
