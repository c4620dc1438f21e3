using System.Globalization;
using VSan.Contracts.Api;

namespace VSan.Station.Execution;

/// <summary>Where a role holds.</summary>
public abstract record Scope
{
    private const string ProjectPrefix = "project:";
    private const string UnitLabelPrefix = "unit-label:";
    private const string HostPrefix = "host:";
    private const int LengthMax = 200;

    private Scope()
    {
    }

    /// <summary>The whole station.</summary>
    public static Scope All { get; } = new Station();

    /// <summary>Everything that belongs to the pool: not people, tokens, sessions and audit.</summary>
    public static Scope Pool { get; } = new WholePool();

    /// <summary>As on the wire.</summary>
    public abstract string Text { get; }

    /// <summary>True when what is touched lies within.</summary>
    internal abstract bool Covers(Reach reach);

    /// <summary>Reads what <see cref="Text"/> wrote.</summary>
    /// <exception cref="ProblemException"><c>invalid-field</c> at <paramref name="pointer"/>.</exception>
    public static Scope Parse(string? text, string pointer) => text switch
    {
        "all" => All,
        "pool" => Pool,
        { Length: <= LengthMax } when text.StartsWith(ProjectPrefix, StringComparison.Ordinal) && text.Length > ProjectPrefix.Length => new Project(text[ProjectPrefix.Length..]),
        { Length: <= LengthMax } when text.StartsWith(UnitLabelPrefix, StringComparison.Ordinal) && text[UnitLabelPrefix.Length..].Split('=', 2) is [{ Length: > 0 } key, { Length: > 0 } value] =>
            new UnitLabel(key, value),
        { Length: <= LengthMax } when text.StartsWith(HostPrefix, StringComparison.Ordinal) && Guid.TryParse(text[HostPrefix.Length..], CultureInfo.InvariantCulture, out Guid hostId) =>
            new OfHost(hostId),
        _ => throw ProblemException.Field(pointer, "must be all, pool, project:NAME, unit-label:KEY=VALUE or host:ID."),
    };

    /// <summary>What belongs to one host: itself, its mappings, and the volumes that it asked for.</summary>
    /// <param name="HostId">The host.</param>
    internal sealed record OfHost(Guid HostId) : Scope
    {
        public override string Text => $"{HostPrefix}{HostId}";

        internal override bool Covers(Reach reach) => reach.HostId == HostId;
    }

    private sealed record Station : Scope
    {
        public override string Text => "all";

        internal override bool Covers(Reach reach) => true;
    }

    private sealed record WholePool : Scope
    {
        public override string Text => "pool";

        internal override bool Covers(Reach reach) => !reach.IsStation;
    }

    private sealed record Project(string Name) : Scope
    {
        public override string Text => ProjectPrefix + Name;

        internal override bool Covers(Reach reach) => reach.Project == Name;
    }

    private sealed record UnitLabel(string Key, string Value) : Scope
    {
        public override string Text => $"{UnitLabelPrefix}{Key}={Value}";

        internal override bool Covers(Reach reach) => reach.UnitLabels.TryGetValue(Key, out string? value) && value == Value;
    }
}

/// <summary>A role where it holds.</summary>
/// <param name="Role">What may be done.</param>
/// <param name="Scope">Where.</param>
public sealed record Binding(Role Role, Scope Scope)
{
    /// <summary>Reads what a request holds.</summary>
    /// <exception cref="ProblemException"><c>invalid-field</c> when a scope has no known form, or there are too many.</exception>
    public static IReadOnlyList<Binding> Parse(IReadOnlyList<RoleBinding> bindings, string pointer)
    {
        const int CountMax = 64;
        ArgumentNullException.ThrowIfNull(bindings);
        if (bindings.Count > CountMax) throw ProblemException.Field(pointer, $"must be at most {CountMax} bindings.");
        return [.. bindings.Select((binding, index) => new Binding(binding?.Role ?? throw ProblemException.Field($"{pointer}/{index}", "is missing."), Scope.Parse(binding.Scope, $"{pointer}/{index}/scope"))).Distinct()];
    }

    /// <summary>As in the store: <c>storage-admin@project:web</c>.</summary>
    public string Text => $"{RoleNames.Of(Role)}@{Scope.Text}";

    /// <summary>Reads what <see cref="Text"/> wrote.</summary>
    public static Binding OfText(string text) => text.Split('@', 2) is [var role, var scope]
        ? new Binding(Enum.GetValues<Role>().First(known => RoleNames.Of(known) == role), Scope.Parse(scope, "/scope"))
        : throw new InvalidDataException($"'{text}' is not a role with its scope.");

    /// <summary>As on the wire.</summary>
    public RoleBinding View() => new(Role, Scope.Text);
}
