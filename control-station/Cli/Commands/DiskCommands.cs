using System.CommandLine;
using VSan.Contracts.Api;
using VSan.Contracts.UnitLink;

namespace VSan.Cli.Commands;

/// <summary><c>disk</c> and <c>claim-rule</c>.</summary>
internal static class DiskCommands
{
    private static readonly Option<string?> OnUnit = new("--unit") { Description = "Only disks of this unit.", HelpName = "UNIT" };
    private static readonly Option<string[]> Ids = new("--disk") { Description = "This disk of the unit, from 'vsan disk list'; may be given more than once.", HelpName = "ID" };
    private static readonly Option<DiskMedia?> Media = new("--media") { Description = "Only disks of this media.", HelpName = "rotational|solidState|nvme" };
    private static readonly Option<string?> Model = new("--model") { Description = "Only disks whose model contains this.", HelpName = "TEXT" };
    private static readonly Option<long?> SizeMin = SizeOption("--min-size", "Only disks that are not smaller.");
    private static readonly Option<long?> SizeMax = SizeOption("--max-size", "Only disks that are not larger.");
    private static readonly Option<string[]> UnitLabels = LabelOptions.Option("Only on units with this label; may be given more than once.");
    private static readonly Option<bool> DryRun = new("--dry-run") { Description = "Claim nothing; show what would be claimed, and why not the rest." };
    private static readonly Argument<string> StoreId = new("STORE") { Description = "Id of the store on the disk, from 'vsan disk list -o wide'." };
    private static readonly Argument<string> RuleName = new("NAME") { Description = "Name of a rule." };

    private static readonly Noun<Disk, DiskPage> Disks = new(
        "disk", "disks", p => p.Items, p => p.NextCursor, items => new DiskPage(items, null), d => d.Id, d => d.Id,
        [
            new("UNIT", d => d.UnitName),
            new("DISK", d => d.Id),
            new("SIZE", d => ByteSize.Format(d.SizeBytes), Numeric: true),
            new("MEDIA", d => d.Media.ToWire()),
            new("STATE", d => d.Claimed && d.State != DiskState.Ours ? $"{d.State.ToWire()}, claimed" : d.State.ToWire()),
            new("CONTENT", d => d.Content ?? "-"),
            new("MODEL", d => d.Model.Length > 0 ? d.Model : "-"),
            new("PATH", d => d.Path, WideOnly: true),
            new("SERIAL", d => d.SerialNumber, WideOnly: true),
            new("HEALTH", d => d.Health ?? "-", WideOnly: true),
            new("STORE", d => d.StoreId?.ToString() ?? "-", WideOnly: true),
        ]);

    private static readonly Noun<DiskVerdict, DiskClaimResult> Verdicts = new(
        "disk", "disks", r => r.Disks, _ => null, items => new DiskClaimResult(items, []), v => v.Disk.Id, v => v.Disk.Id,
        [
            new("UNIT", v => v.Disk.UnitName),
            new("DISK", v => v.Disk.Id),
            new("SIZE", v => ByteSize.Format(v.Disk.SizeBytes), Numeric: true),
            new("CLAIMS", v => v.Claims ? "yes" : "no"),
            new("REASON", v => v.Reason),
        ]);

    private static readonly Noun<ClaimRule, ClaimRulePage> Rules = new(
        "claim-rule", "claim-rules", p => p.Items, p => p.NextCursor, items => new ClaimRulePage(items, null), r => r.Id.ToString(), r => r.Name,
        [
            new("NAME", r => r.Name),
            new("MEDIA", r => r.Selector.Media?.ToWire() ?? "-"),
            new("MODEL", r => r.Selector.Model ?? "-"),
            new("MIN", r => r.Selector.SizeBytesMin is { } bytes ? ByteSize.Format(bytes) : "-", Numeric: true),
            new("MAX", r => r.Selector.SizeBytesMax is { } bytes ? ByteSize.Format(bytes) : "-", Numeric: true),
            new("LABELS", r => Text.Of(r.Selector.Labels)),
            new("CREATED BY", r => r.CreatedBy, WideOnly: true),
            new("ID", r => r.Id.ToString(), WideOnly: true),
        ]);

    /// <summary>Adds the nouns.</summary>
    public static void AddTo(Command parent, CommandRunner run)
    {
        parent.Add(new Command("disk", "Disks of the units: what could become a store, and what must not.")
        {
            run.Command("list", "List the disks of all units.", ListAsync),
            run.Command("claim", """
                Give blank disks to the pool: each is formatted and becomes a store. A disk that is not blank is never touched.

                Examples:
                  vsan disk claim --media nvme --min-size 1TB --dry-run
                  vsan disk claim --unit unit-4 --disk wwn-0x5000c500a1b2c3d4
                """, ClaimAsync, OnUnit, Ids, Media, Model, SizeMin, SizeMax, UnitLabels, DryRun),
            run.Command("release", "Take a disk back from the pool. Its store must hold no volume; the disk is wiped by hand.", ReleaseAsync, StoreId),
        });
        parent.Add(new Command("claim-rule", "Rules by which blank disks are claimed by themselves. Without a rule every claim is by hand.")
        {
            run.Command("list", "List the rules.", ListRulesAsync),
            run.Command("create", """
                Make a rule. Blank disks that match are claimed as soon as their unit describes them.

                Example:
                  vsan claim-rule create all-nvme --media nvme --min-size 1TB --label rack=r2
                """, CreateRuleAsync, RuleName, Media, Model, SizeMin, SizeMax, UnitLabels),
            run.Command("delete", "Remove a rule. What it claimed stays.", DeleteRuleAsync, RuleName),
        });
    }

    private static async Task ListAsync(Invocation invocation) =>
        invocation.Output.WriteList(Disks, await invocation.Api.ListAsync(Disks, invocation.Cancellation).ConfigureAwait(false));

    private static async Task ClaimAsync(Invocation invocation)
    {
        string? unitName = invocation.Get(OnUnit);
        Guid? unitId = unitName is null ? null : (await invocation.FindAsync(UnitCommands.Units, unitName).ConfigureAwait(false)).Id;
        string[]? ids = invocation.Get(Ids) is { Length: > 0 } named ? named : null;
        var request = new DiskClaimCreate(unitId, ids, ids is null ? Selector(invocation) : null, invocation.Get(DryRun));
        DiskClaimResult result = await invocation.Api
            .PostAsync<DiskClaimCreate, DiskClaimResult>("disks:claim", request, TimeSpan.Zero, invocation.Cancellation).ConfigureAwait(false);
        invocation.Output.WriteList(Verdicts, result.Disks);
        if (result.Operations.Count > 0) invocation.Output.WriteSentence($"{result.Operations.Count} disks are claimed; 'vsan operation list' shows how far they are.");
    }

    private static async Task ReleaseAsync(Invocation invocation)
    {
        if (!Guid.TryParse(invocation.Get(StoreId), out Guid storeId)) throw new CommandFailure(ExitCode.Usage, "The store's id is not a GUID.", "'vsan disk list -o wide' shows it.");
        await invocation.Api.PostAsync("disks:release", new DiskRelease(storeId), invocation.Cancellation).ConfigureAwait(false);
        invocation.Output.WriteSentence("The disk is released. Wipe it by hand before it is used again.");
    }

    private static async Task ListRulesAsync(Invocation invocation) =>
        invocation.Output.WriteList(Rules, await invocation.Api.ListByNameAsync(Rules, invocation.Cancellation).ConfigureAwait(false));

    private static async Task CreateRuleAsync(Invocation invocation)
    {
        var request = new ClaimRuleCreate(invocation.Get(RuleName), Selector(invocation));
        ClaimRule rule = await invocation.Api.PostAsync<ClaimRuleCreate, ClaimRule>("claim-rules", request, TimeSpan.Zero, invocation.Cancellation).ConfigureAwait(false);
        invocation.Output.WriteSentence($"Rule {rule.Name} claims blank disks that match it from now on.");
    }

    private static async Task DeleteRuleAsync(Invocation invocation)
    {
        ClaimRule rule = await invocation.FindAsync(Rules, invocation.Get(RuleName)).ConfigureAwait(false);
        await invocation.Api.DeleteAsync($"claim-rules/{rule.Id}", invocation.Cancellation).ConfigureAwait(false);
        invocation.Output.WriteSentence($"Rule {rule.Name} is removed.");
    }

    private static DiskSelector Selector(Invocation invocation) => new(
        invocation.Get(Media), invocation.Get(Model), invocation.Get(SizeMin), invocation.Get(SizeMax), LabelOptions.Of(invocation.Get(UnitLabels)));

    private static Option<long?> SizeOption(string name, string description) => new(name)
    {
        Description = description,
        HelpName = "1TB",
        CustomParser = result =>
        {
            if (ByteSize.TryParse(result.Tokens[0].Value, out long bytes, out string error)) return bytes;
            result.AddError(error);
            return null;
        },
    };
}
