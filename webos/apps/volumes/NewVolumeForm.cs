using System.Globalization;
using Microsoft.AspNetCore.Http;
using VSan.Contracts.Api;

namespace VSan.WebOs.Apps.Volumes;

/// <summary>The form for a new volume: text as the person typed it, so that a refusal gives it back unchanged.</summary>
/// <param name="Name">Name.</param>
/// <param name="Size">Size, in <paramref name="SizeUnit"/>.</param>
/// <param name="SizeUnit">A key of <see cref="SizeUnits"/>.</param>
/// <param name="HostId">Id of the host, or empty for none.</param>
/// <param name="Problem">Why it was refused, or null.</param>
public sealed record NewVolumeForm(string Name = "", string Size = "", string SizeUnit = "GiB", string HostId = "", Problem? Problem = null)
{
    /// <summary>The units to choose from, with their number of bytes.</summary>
    public static readonly IReadOnlyList<KeyValuePair<string, long>> SizeUnits = [new("MiB", 1L << 20), new("GiB", 1L << 30), new("TiB", 1L << 40)];

    /// <summary>Idempotency key: fresh on every page, so that sending one page's form twice asks once.</summary>
    public string Key { get; init; } = Guid.NewGuid().ToString("N");

    /// <summary>Reads the form.</summary>
    public static NewVolumeForm Read(IFormCollection form)
    {
        ArgumentNullException.ThrowIfNull(form);
        return new(form["name"].ToString().Trim(), form["size"].ToString().Trim(), form["size-unit"].ToString(), form["host"].ToString())
        {
            Key = form["key"].ToString() is { Length: 32 } key ? key : Guid.NewGuid().ToString("N"),
        };
    }

    /// <summary>What is wrong with one field, or null.</summary>
    /// <param name="pointer">JSON pointer of the member that the field becomes.</param>
    public string? FieldProblem(string pointer) => Problem?.Fields?.FirstOrDefault(field => field.Pointer == pointer)?.Detail;

    /// <summary>The same form after a refusal: it says why, and sending it again is a new request.</summary>
    public NewVolumeForm Refused(Problem problem) => this with { Problem = problem, Key = Guid.NewGuid().ToString("N") };

    /// <summary>Makes the request. Whatever is a number but not allowed is for the service to refuse.</summary>
    /// <returns>The request, or the same form with the fields named that are not readable at all.</returns>
    public (VolumeCreate? Request, NewVolumeForm Form) ToRequest()
    {
        List<FieldProblem> fields = [];
        long sizeBytes = 0;
        long unitBytes = SizeUnits.FirstOrDefault(unit => unit.Key == SizeUnit).Value;
        if (unitBytes == 0
            || !decimal.TryParse(Size, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out decimal size)
            || size <= 0 || size > long.MaxValue / unitBytes)
            fields.Add(new("/sizeBytes", "Write a number greater than 0, for example 64 or 1.5."));
        else
            sizeBytes = (long)(size * unitBytes);

        Guid hostId = default;
        if (HostId.Length > 0 && !Guid.TryParse(HostId, out hostId)) fields.Add(new("/hostId", "Choose a host from the list."));
        if (fields.Count == 0) return (new(Name, sizeBytes, null, null, HostId.Length > 0 ? hostId : null, null), this);

        Problem problem = new("/errors/invalid-field", "The form is not complete", StatusCodes.Status400BadRequest,
            "Nothing was created.", "invalid-field", "Mend the marked fields and send the form again.", fields);
        return (null, Refused(problem));
    }
}
