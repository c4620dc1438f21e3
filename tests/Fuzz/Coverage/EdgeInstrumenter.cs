using Mono.Cecil;
using Mono.Cecil.Cil;
using Mono.Cecil.Rocks;

namespace VSan.Tests.Fuzz.Coverage;

/// <summary>
/// Writes a copy of an assembly that counts its edges: the entry of each method, and both ways out of each branch. The way taken gets a place of
/// its own behind the branch, so that nothing leaves the protected region that it is in:
/// <code>
///   brtrue L          brtrue T
///   next       ──►    count(fall) ; br next
///                  T: count(taken) ; br L
///                     next
/// </code>
/// </summary>
internal sealed class EdgeInstrumenter
{
    /// <summary>The class that is added, and its only field: one byte for each edge.</summary>
    public const string TypeName = "VSan.Coverage.Edges", FieldName = "Hits";

    private readonly ModuleDefinition _module;
    private readonly FieldDefinition _hits;
    private int _edges;

    private EdgeInstrumenter(ModuleDefinition module)
    {
        _module = module;
        _hits = new FieldDefinition(FieldName, FieldAttributes.Public | FieldAttributes.Static | FieldAttributes.InitOnly, new ArrayType(module.TypeSystem.Byte));
    }

    public static void Instrument(string from, string to)
    {
        using ModuleDefinition module = ModuleDefinition.ReadModule(from);
        var instrumenter = new EdgeInstrumenter(module);
        foreach (TypeDefinition type in module.GetTypes().ToArray())
        {
            foreach (MethodDefinition method in type.Methods.Where(method => method.HasBody)) instrumenter.Instrument(method.Body);
        }

        instrumenter.AddCounters();
        module.Write(to);
    }

    private void Instrument(MethodBody body)
    {
        body.SimplifyMacros();
        ILProcessor il = body.GetILProcessor();
        Instruction[] original = [.. body.Instructions];
        foreach (Instruction instruction in original)
        {
            if (instruction.OpCode.FlowControl == FlowControl.Cond_Branch) Split(il, instruction);
        }

        foreach (Instruction counting in Count()) il.InsertBefore(original[0], counting);
        body.OptimizeMacros();
    }

    private void Split(ILProcessor il, Instruction branch)
    {
        Instruction next = branch.Next;
        List<Instruction> behind = [.. Count(), il.Create(OpCodes.Br, next)];
        if (branch.Operand is Instruction[] targets) branch.Operand = targets.Select(target => Taken(il, behind, target)).ToArray();
        else branch.Operand = Taken(il, behind, (Instruction)branch.Operand);
        foreach (Instruction one in behind) il.InsertBefore(next, one);
    }

    private Instruction Taken(ILProcessor il, List<Instruction> behind, Instruction target)
    {
        Instruction[] counting = Count();
        behind.AddRange(counting);
        behind.Add(il.Create(OpCodes.Br, target));
        return counting[0];
    }

    private Instruction[] Count() =>
    [
        Instruction.Create(OpCodes.Ldsfld, _hits),
        Instruction.Create(OpCodes.Ldc_I4, _edges++),
        Instruction.Create(OpCodes.Ldelema, _module.TypeSystem.Byte),
        Instruction.Create(OpCodes.Dup),
        Instruction.Create(OpCodes.Ldind_U1),
        Instruction.Create(OpCodes.Ldc_I4_1),
        Instruction.Create(OpCodes.Add),
        Instruction.Create(OpCodes.Conv_U1),
        Instruction.Create(OpCodes.Stind_I1),
    ];

    private void AddCounters()
    {
        int dot = TypeName.LastIndexOf('.');
        const TypeAttributes shape = TypeAttributes.Public | TypeAttributes.Abstract | TypeAttributes.Sealed | TypeAttributes.BeforeFieldInit;
        var type = new TypeDefinition(TypeName[..dot], TypeName[(dot + 1)..], shape, _module.TypeSystem.Object);
        const MethodAttributes initializer = MethodAttributes.Private | MethodAttributes.Static | MethodAttributes.SpecialName | MethodAttributes.RTSpecialName | MethodAttributes.HideBySig;
        var start = new MethodDefinition(".cctor", initializer, _module.TypeSystem.Void);
        ILProcessor il = start.Body.GetILProcessor();
        il.Emit(OpCodes.Ldc_I4, _edges);
        il.Emit(OpCodes.Newarr, _module.TypeSystem.Byte);
        il.Emit(OpCodes.Stsfld, _hits);
        il.Emit(OpCodes.Ret);
        type.Fields.Add(_hits);
        type.Methods.Add(start);
        _module.Types.Add(type);
    }
}
