using VSan.Contracts.Api;
using VSan.Station.Execution;
using VSan.WebOs.Parts;
using VSan.WebOs.Shell;
using VSan.WebOs.Text;

namespace VSan.WebOs.Apps.Images;

/// <summary>What is on the pages about images.</summary>
internal static class ImagePages
{
    public const string UpdateId = "update";

    private const int DigestShown = 12;

    /// <summary>The versions, the units, and what can be done.</summary>
    public static IReadOnlyList<Part> List(IReadOnlyList<Image> images, IReadOnlyList<Unit> units, Caller caller, Outcome outcome, DateTimeOffset now)
    {
        List<Part> parts = [];
        if (images.Count == 0)
        {
            parts.Add(new Empty("The station keeps no image yet", "An image is a version of the appliance that units can be started with. It is made by ./dev image, signed, and added from a shell:",
                new Command("vsan image add vsan-appliance.efi")));
        }
        else
        {
            if (caller.May("unit.update")) parts.Add(new Section("updating", "Update one unit", UpdateForm(images, units).After(outcome)) { Folds = true, Open = outcome.IsOf(UpdateId) });
            parts.Add(new Section("images", "Versions", new Table("Versions that the station keeps", ["Version", "Units that run it", new("Size", "number"), new("Signed by", "wide"), new("Digest", "wide"), new("Added", "wide"), Column.Actions],
                [.. images.Select(image => RowOf(image, units, caller, now))])));
        }

        parts.Add(new Section("units", "What runs", new Table("Versions that units run", ["Unit", "State", "Version"],
            [.. units.Select(unit => new Row($"runs-{unit.Id}", new Link(unit.Name, $"/app/units/{unit.Id}"), new Mark(Cue.Of(unit)), new Code(unit.ImageVersion)))], "No unit has joined yet.")));
        return parts;
    }

    /// <summary>The question before an image is removed.</summary>
    public static Confirmation Delete(Image image) => Confirmation.Simple(
        $"Remove version {image.Version}?",
        ["Units that run it go on. It can be added again from its file."],
        $"{App.Images.Path}/{image.Id}/delete", "Remove the image", App.Images.Path);

    private static Form UpdateForm(IReadOnlyList<Image> images, IReadOnlyList<Unit> units) => new(
        UpdateId, $"{App.Images.Path}/update", "Update the unit",
        new Field("unit", "Unit") { Kind = FieldKind.Choice, Choices = [.. units.Select(unit => new Choice(unit.Id.ToString(), $"{unit.Name}, runs {unit.ImageVersion}"))], Pointer = "/unit" },
        new Field("version", "Version")
        {
            Kind = FieldKind.Choice,
            Choices = [.. images.OrderByDescending(image => image.AddedAt).Select(image => (Choice)image.Version)],
            Pointer = "/version",
            Note = "It restarts with the new version; if that is not healthy, the one before runs again by itself.",
        });

    private static Row RowOf(Image image, IReadOnlyList<Unit> units, Caller caller, DateTimeOffset now) => new(
        $"image-{image.Id}", image.Version,
        Counted.Of(units.Count(unit => unit.ImageVersion == image.Version), "unit"),
        new ByteSize(image.SizeBytes).ToString(), image.Signer, new Code(image.Digest[..DigestShown]),
        new Line(Age.Between(image.AddedAt, now).Ago, $"by {image.AddedBy}"),
        new Buttons(caller.May("image.remove") ? new Link("Remove…", $"{App.Images.Path}/{image.Id}/delete") { ClassName = "button danger", Of = image.Version } : null));
}
