using System.Collections.Immutable;
using System.Globalization;
using VSan.Contracts.Api;
using VSan.Station.Execution;
using VSan.WebOs.Parts;
using VSan.WebOs.Shell;
using VSan.WebOs.Text;

namespace VSan.WebOs.Apps.Volumes;

/// <summary>Volumes that a person selected in the list: some of a page, or all that the list has. They go into the trash together.</summary>
/// <param name="Ids">The ones that were ticked; empty when all are meant.</param>
/// <param name="Letters">What the names of all of them have; null for every volume.</param>
/// <param name="Sure">The person was asked and said yes.</param>
/// <param name="AsOf">When the person was asked: what was made since is not meant. Null before.</param>
internal sealed record SelectedVolumes(IReadOnlyList<Guid> Ids, string? Letters, bool Sure, DateTimeOffset? AsOf)
{
    public const string Path = "/app/volumes/selected";
    public const string FormId = "selected";

    private const int Shown = 10;

    /// <summary>The bar over the list.</summary>
    public static Selection Bar(int total, VolumeSearch search) => new(
        FormId, Path, "Move to trash…", total, "volume", search.Letters is { } letters ? new Dictionary<string, string> { ["name"] = letters } : ImmutableDictionary<string, string>.Empty);

    /// <summary>Reads what was selected.</summary>
    public static SelectedVolumes Read(FormValues values)
    {
        Guid[] ids = [.. values.All("pick").SelectMany(picks => picks.Split(',')).Select(pick => Guid.TryParse(pick, out Guid id) ? id : values.Unreadable<Guid>("/pick", "Select volumes of the list."))];
        if (ids.Length == 0 && !values.Ticked("all")) throw new ProblemException("invalid-field", "No volume is selected. Nothing was done.", "Tick some volumes, or all of them, and ask again.");
        DateTimeOffset? asOf = DateTimeOffset.TryParse(values.Text("as-of"), CultureInfo.InvariantCulture, out DateTimeOffset at) ? at : null;
        return new(values.Ticked("all") ? [] : ids, values.Optional("name"), values.Ticked("sure") && asOf is not null, asOf);
    }

    /// <summary>The volumes themselves.</summary>
    public async Task<IReadOnlyList<Volume>> FindAsync(StationServices services, Caller caller, CancellationToken cancellationToken)
    {
        List<Volume> volumes = [];
        foreach (Guid id in Ids) volumes.Add(await services.Volumes.GetAsync(caller, id, cancellationToken));
        if (Ids.Count > 0) return volumes;
        VolumeSearch search = new(Letters);
        for (VolumeFindings found; (found = await services.Volumes.FindAsync(caller, search, cancellationToken)).Items.Count > 0; search = search with { Page = found.Page + 1 })
        {
            volumes.AddRange(found.Items.Where(volume => AsOf is null || volume.CreatedAt <= AsOf));
            if (found.Page == found.Pages) break;
        }

        return volumes;
    }

    /// <summary>The question before it is done, with what it means for each.</summary>
    public Confirmation Ask(IReadOnlyList<Volume> volumes, DateTimeOffset now)
    {
        Volume[] used = [.. volumes.Where(volume => volume.Mappings.Count > 0)];
        Confirmation asked = Confirmation.Simple(
            $"Move {Counted.Of(volumes.Count - used.Length, "volume")} to the trash?",
            [
                "Their data and their space stay until the trash lets go of them; until then they can be had back.",
                .. used.Length > 0 ? (string[])[$"{Counted.Of(used.Length, "volume")} stay where they are, as hosts have them: {Names(used)}."] : [],
                .. volumes.Count > used.Length ? (string[])[$"These go: {Names([.. volumes.Except(used)])}."] : [],
            ],
            Path, "Move to the trash", App.Volumes.Path);
        return asked with
        {
            Form = asked.Form with
            {
                Fields =
                [
                    new Field("sure", "Sure") { Kind = FieldKind.Hidden, Value = "on" },
                    new Field("as-of", "As of") { Kind = FieldKind.Hidden, Value = now.ToString("O", CultureInfo.InvariantCulture) },
                    Ids.Count > 0 ? new Field("pick", "Selected") { Kind = FieldKind.Hidden, Value = string.Join(',', Ids) } : new Field("all", "All") { Kind = FieldKind.Hidden, Value = "on" },
                    new Field("name", "Name") { Kind = FieldKind.Hidden, Value = Letters ?? "" },
                ],
            },
        };
    }

    /// <summary>Puts them into the trash, one after the other; what is refused stays, and is named with the reason.</summary>
    public static async Task<Notice> TrashAsync(StationServices services, Caller caller, IReadOnlyList<Volume> volumes, CancellationToken cancellationToken)
    {
        // Each is a request of its own: the form's key is of one request.
        Caller each = caller with { Request = null };
        List<string> refused = [];
        foreach (Volume volume in volumes)
        {
            try
            {
                await services.Trash.PutAsync(each, volume.Id, delay: null, cancellationToken);
            }
            catch (ProblemException problem)
            {
                refused.Add(problem.Message);
            }
        }

        string words = $"{Counted.Of(volumes.Count - refused.Count, "volume")} went into the trash.";
        return new Notice(
            refused.Count == 0 ? new Cue(Tone.Ok, "Done") : new Cue(Tone.Warning, $"{refused.Count} stayed"),
            refused.Count == 0 ? words : $"{words} {string.Join(' ', refused.Take(Shown))}{(refused.Count > Shown ? " …" : "")}",
            new Link("Open the trash", VolumePages.TrashPath) { ClassName = "button" });
    }

    private static string Names(Volume[] volumes) =>
        string.Join(", ", volumes.Take(Shown).Select(volume => volume.Name)) + (volumes.Length > Shown ? $" and {volumes.Length - Shown:N0} more" : "");
}
