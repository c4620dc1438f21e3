using System.Text.Json;
using VSan.Contracts.Api;

namespace VSan.Station.Execution;

/// <summary>The typed filters of one kind of list: <c>?state=ready&amp;unit=unit-1</c>. A filter looks at the object as the list shows it.</summary>
/// <typeparam name="TView">The object.</typeparam>
public sealed class ListFilters<TView>
{
    private readonly Dictionary<string, Func<string, Func<TView, bool>>> _filters = new(StringComparer.Ordinal);

    /// <summary>Names of the filters.</summary>
    public IReadOnlyCollection<string> Names => _filters.Keys;

    /// <summary>A filter whose value is a member of an enum, as on the wire.</summary>
    public ListFilters<TView> Enum<TEnum>(string name, Func<TView, TEnum> member)
        where TEnum : struct, Enum
    {
        _filters[name] = text =>
        {
            TEnum[] all = System.Enum.GetValues<TEnum>();
            TEnum[] wanted = [.. all.Where(value => Wire(value) == text)];
            if (wanted is []) throw ProblemException.Field($"/{name}", $"must be one of {string.Join(", ", all.Select(Wire))}.");
            return view => member(view).Equals(wanted[0]);
        };
        return this;
    }

    /// <summary>A filter whose value is a name or an id of something that the object has to do with.</summary>
    public ListFilters<TView> AnyOf(string name, Func<TView, IEnumerable<string>> values)
    {
        _filters[name] = text => view => values(view).Contains(text, StringComparer.OrdinalIgnoreCase);
        return this;
    }

    /// <summary>All that a query asks for at once.</summary>
    /// <exception cref="ProblemException"><c>invalid-field</c> for a filter that the list does not have, or a value that it does not take.</exception>
    internal Func<TView, bool> Of(ListQuery query)
    {
        Func<TView, bool>[] wanted = [.. query.Filters.Select(filter => _filters.TryGetValue(filter.Key, out var make) ? make(filter.Value) : throw Unknown(filter.Key))];
        return view => wanted.All(fits => fits(view));
    }

    private static string Wire<TEnum>(TEnum value)
        where TEnum : struct, Enum => JsonNamingPolicy.CamelCase.ConvertName(value.ToString());

    private ProblemException Unknown(string name) =>
        ProblemException.Field($"/{name}", $"is not a filter of this list. It has: {string.Join(", ", _filters.Keys.Prepend("cursor").Prepend("limit"))}.");
}

/// <summary>The filters of every list.</summary>
public static class ListFilters
{
    /// <summary>Units.</summary>
    public static ListFilters<Unit> Units { get; } = new ListFilters<Unit>().Enum("state", unit => unit.State);

    /// <summary>Volumes.</summary>
    public static ListFilters<Volume> Volumes { get; } = new ListFilters<Volume>()
        .Enum("state", volume => volume.State)
        .AnyOf("unit", volume => volume.Legs.SelectMany(leg => (string[])[leg.UnitName, leg.UnitId.ToString()]))
        .AnyOf("host", volume => volume.Mappings.SelectMany(mapping => (string[])[mapping.HostName, mapping.HostId.ToString()]));

    /// <summary>Shares.</summary>
    public static ListFilters<Share> Shares { get; } = new ListFilters<Share>()
        .Enum("state", share => share.State)
        .AnyOf("unit", share => [share.UnitName, share.UnitId.ToString()])
        .AnyOf("holder", share => share.Bindings.Select(binding => binding.Holder));

    /// <summary>Hosts.</summary>
    public static ListFilters<Host> Hosts { get; } = new ListFilters<Host>().AnyOf("initiator", host => [host.InitiatorName]);

    /// <summary>Mappings.</summary>
    public static ListFilters<Mapping> Mappings { get; } = new ListFilters<Mapping>()
        .Enum("state", mapping => mapping.State)
        .AnyOf("volume", mapping => [mapping.VolumeName, mapping.VolumeId.ToString()])
        .AnyOf("host", mapping => [mapping.HostName, mapping.HostId.ToString()]);

    /// <summary>Operations.</summary>
    public static ListFilters<Operation> Operations { get; } = new ListFilters<Operation>()
        .Enum("state", operation => operation.State)
        .AnyOf("kind", operation => [operation.Kind])
        .AnyOf("by", operation => [operation.RequestedBy])
        .AnyOf("subject", operation => [operation.SubjectId.ToString()]);

    /// <summary>Posts.</summary>
    public static ListFilters<Post> Posts { get; } = new ListFilters<Post>()
        .Enum("kind", post => post.Kind)
        .AnyOf("by", post => [post.Author])
        .AnyOf("to", post => [post.To])
        .AnyOf("subject", post => post.Subject is { } subject ? [subject] : []);

    /// <summary>Sessions.</summary>
    public static ListFilters<Contracts.Api.Session> Sessions { get; } = new ListFilters<Contracts.Api.Session>().AnyOf("user", session => [session.UserName]);

    /// <summary>A list without filters of its own.</summary>
    internal static ListFilters<TView> None<TView>() => new();
}
