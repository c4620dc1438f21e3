using System.CommandLine;
using System.Globalization;
using VSan.Contracts.Api;

namespace VSan.Cli.Commands;

/// <summary><c>policy</c>.</summary>
internal static class PolicyCommands
{
    private static readonly Argument<string> Name = new("POLICY") { Description = "Name of a policy." };
    private static readonly Option<string?> Layout = new("--layout") { Description = "single, mirror-2, mirror-3, stripe-2 to stripe-16, concat. Default single.", HelpName = "LAYOUT" };
    private static readonly Option<FailureDomain> Domain = new("--failure-domain") { Description = "No two copies lie in the same unit, rack or site. Default unit.", HelpName = "unit|rack|site" };
    private static readonly Option<string?> Media = new("--media") { Description = "Only stores of this media class.", HelpName = "hdd|ssd|nvme|memory" };
    private static readonly Option<bool> Thick = new("--thick") { Description = "Take all the space at once." };
    private static readonly Option<double> Overcommit = new("--overcommit") { Description = "Promised bytes for each byte of a store. Default 1.", HelpName = "RATIO", DefaultValueFactory = _ => 1 };
    private static readonly Option<string?> Schedule = new("--snapshot-schedule") { Description = "Name of a snapshot schedule.", HelpName = "SCHEDULE" };
    private static readonly Option<bool> Yes = GlobalOptions.Yes();

    /// <summary>Policies.</summary>
    public static Noun<Policy, PolicyPage> Policies { get; } = new(
        "policy", "policies", p => p.Items, p => p.NextCursor, items => new PolicyPage(items, null), p => p.Id.ToString(), p => p.Name,
        [
            new("NAME", p => p.Name),
            new("LAYOUT", p => p.Layout),
            new("APART BY", p => p.FailureDomain.ToWire()),
            new("MEDIA", p => p.Media ?? "any"),
            new("THIN", p => p.Thin ? "thin" : "thick"),
            new("OVERCOMMIT", p => p.OvercommitRatio.ToString("0.##", CultureInfo.InvariantCulture), Numeric: true),
            new("LIMITS", p => LimitOptions.Text(p.Limits)),
            new("SNAPSHOTS", p => p.SnapshotSchedule ?? "-"),
            new("ID", p => p.Id.ToString(), WideOnly: true),
        ]);

    /// <summary>Adds the noun.</summary>
    public static void AddTo(Command parent, CommandRunner run) => parent.Add(new Command("policy", "Policies: what volumes of one purpose have in common.")
    {
        run.Command("list", "List the policies.", ListAsync),
        run.Command("create", """
            Make a policy.

            Example:
              vsan policy create gold --layout mirror-2 --failure-domain rack --media ssd
            """, CreateAsync, Name, Layout, Domain, Media, Thick, Overcommit, Schedule, LimitOptions.Iops, LimitOptions.Throughput, LimitOptions.Burst),
        run.Command("delete", "Remove a policy. Volumes that were made by it stay as they are.", DeleteAsync, Name, Yes),
    });

    private static async Task ListAsync(Invocation invocation) =>
        invocation.Output.WriteList(Policies, await invocation.Api.ListByNameAsync(Policies, invocation.Cancellation).ConfigureAwait(false));

    private static async Task CreateAsync(Invocation invocation)
    {
        var request = new PolicyCreate(
            invocation.Get(Name), invocation.Get(Layout), invocation.Get(Domain), invocation.Get(Media), !invocation.Get(Thick), invocation.Get(Overcommit),
            LimitOptions.Read(invocation), invocation.Get(Schedule));
        invocation.Output.WriteOne(
            Policies, await invocation.Api.PostAsync<PolicyCreate, Policy>("policies", request, TimeSpan.Zero, invocation.Cancellation).ConfigureAwait(false));
    }

    private static async Task DeleteAsync(Invocation invocation)
    {
        Policy policy = await invocation.FindAsync(Policies, invocation.Get(Name)).ConfigureAwait(false);
        if (!invocation.Get(Yes)) invocation.Confirm("policy", policy.Name);
        await invocation.Api.DeleteAsync($"policies/{policy.Id}", invocation.Cancellation).ConfigureAwait(false);
        invocation.Output.WriteSentence($"Policy {policy.Name} is removed.");
    }
}
