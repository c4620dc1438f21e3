namespace VSan.WebOs.Text;

/// <summary>A part of a whole, for a meter and its caption.</summary>
public readonly record struct Portion(long Part, long Whole)
{
    /// <summary>0 to 100, rounded down: what is not full is never shown as 100 %. A share of nothing is 0.</summary>
    public int Percent => Whole <= 0 ? 0 : (int)Int128.Clamp(Part * (Int128)100 / Whole, 0, 100);
}
