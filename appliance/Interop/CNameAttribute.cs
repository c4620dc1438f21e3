namespace VSan.Interop;

/// <summary>
/// How C calls this: on a struct the C type, on a field or constant its C name, on an enum or a class of constants the prefix before
/// the members' names in capitals. A test turns every one into a static assertion and lets the C compiler judge it.
/// </summary>
[AttributeUsage(AttributeTargets.Struct | AttributeTargets.Field | AttributeTargets.Enum | AttributeTargets.Class)]
internal sealed class CNameAttribute(string name) : Attribute
{
    /// <summary>The C name or prefix.</summary>
    public string Name { get; } = name;
}
