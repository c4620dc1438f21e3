namespace VSan.Cli;

/// <summary>One kind of object of the API: where it lives, how it is named, how a table shows it.</summary>
/// <typeparam name="TItem">The object.</typeparam>
/// <typeparam name="TPage">A page of them.</typeparam>
/// <param name="Singular">What a person calls it.</param>
/// <param name="Collection">Its path under /api/v1.</param>
/// <param name="ItemsOf">The objects on a page.</param>
/// <param name="CursorOf">Where the next page starts, or null.</param>
/// <param name="PageOf">A page that holds all of a list, for JSON.</param>
/// <param name="IdOf">Its identity.</param>
/// <param name="NameOf">What <c>-o name</c> prints.</param>
/// <param name="Columns">How a table shows it.</param>
internal sealed record Noun<TItem, TPage>(
    string Singular,
    string Collection,
    Func<TPage, IReadOnlyList<TItem>> ItemsOf,
    Func<TPage, string?> CursorOf,
    Func<IReadOnlyList<TItem>, TPage> PageOf,
    Func<TItem, string> IdOf,
    Func<TItem, string> NameOf,
    IReadOnlyList<Column<TItem>> Columns)
{
    /// <summary>The project within which its name is unique; null for kinds whose names are unique in the pool.</summary>
    public Func<TItem, string>? ProjectOf { get; init; }

    /// <summary>What lists them all.</summary>
    public string ListCommand { get; init; } = $"vsan {Singular} list";
}

/// <summary>One column of a table.</summary>
/// <param name="Header">Its heading, in capitals.</param>
/// <param name="Cell">What it shows of an object.</param>
/// <param name="Numeric">True: aligned to the right.</param>
/// <param name="WideOnly">True: shown by <c>-o wide</c> and <c>show</c> only.</param>
internal sealed record Column<T>(string Header, Func<T, string> Cell, bool Numeric = false, bool WideOnly = false);
