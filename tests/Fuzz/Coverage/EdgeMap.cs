using VSan.Iscsi;
using VSan.Scsi;

namespace VSan.Tests.Fuzz.Coverage;

/// <summary>Which edges were ever taken, and how often at most, in steps of powers of two. Empty where the code is not instrumented.</summary>
internal sealed class EdgeMap
{
    private readonly byte[][] _hits = [.. new[] { typeof(IscsiRing), typeof(LogicalUnit) }.Select(HitsOf)];
    private readonly byte[][] _seen;

    public EdgeMap() => _seen = [.. _hits.Select(hits => new byte[hits.Length])];

    /// <summary>All edges that there are.</summary>
    public int Count => _hits.Sum(hits => hits.Length);

    /// <summary>Those that were taken.</summary>
    public int Taken { get; private set; }

    /// <summary>Forgets what the last script did.</summary>
    public void Clear()
    {
        foreach (byte[] hits in _hits) Array.Clear(hits);
    }

    /// <summary>Adds what was taken since <see cref="Clear"/>.</summary>
    /// <returns><c>true</c>: something new, an edge or a number of times.</returns>
    public bool Merge()
    {
        bool isNew = false;
        for (int map = 0; map < _hits.Length; map++)
        {
            byte[] hits = _hits[map], seen = _seen[map];
            for (int at = hits.AsSpan().IndexOfAnyExcept((byte)0); at >= 0; at = Following(hits, at))
            {
                byte step = (byte)(1 << System.Numerics.BitOperations.Log2(hits[at]));
                if ((seen[at] & step) != 0) continue;
                if (seen[at] == 0) Taken++;
                seen[at] |= step;
                isNew = true;
            }
        }

        return isNew;
    }

    private static int Following(byte[] hits, int at)
    {
        int step = hits.AsSpan(at + 1).IndexOfAnyExcept((byte)0);
        return step < 0 ? -1 : at + 1 + step;
    }

    private static byte[] HitsOf(Type of) =>
        of.Assembly.GetType(EdgeInstrumenter.TypeName)?.GetField(EdgeInstrumenter.FieldName)?.GetValue(null) as byte[] ?? [];
}
